using System.Diagnostics;
using System.Text.Json.Nodes;
using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Admin;
using Hypersend.Contracts.Errors;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Accounts;

public sealed class LoginTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task The_name_may_stand_in_any_of_three_fields_and_in_any_case()
    {
        var ana = await app.SignUpAsync("ana");

        foreach (var request in new LoginRequest[]
        {
            new() { Login = ana.Username, Password = ana.Password },
            new() { Login = ana.Email.ToUpperInvariant(), Password = ana.Password },
            new() { Email = ana.Email, Password = ana.Password },
            new() { Username = ana.Username.ToUpperInvariant(), Password = ana.Password },
            new() { Email = ana.Username, Password = ana.Password },
        })
        {
            var signedIn = await app.Anonymous().Accounts.LoginAsync(request);
            Assert.Equal(ana.Id, signedIn.Id);
            Assert.NotEqual(ana.SignedIn.RefreshToken, signedIn.RefreshToken);
        }
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_account_are_answered_alike()
    {
        var ana = await app.SignUpAsync("ana");

        var wrong = await BodyAsync($$"""{"login":"{{ana.Username}}","password":"wrong horse battery"}""");
        var unknown = await BodyAsync("""{"login":"nobody-here","password":"wrong horse battery"}""");
        var unknownMail = await BodyAsync("""{"login":"nobody@example.org","password":"wrong horse battery"}""");

        Assert.Equal(ErrorCodes.InvalidCredentials, wrong["code"]!.GetValue<string>());
        foreach (var body in new[] { wrong, unknown, unknownMail })
            body.Remove("trace_id");
        Assert.Equal(wrong.ToJsonString(), unknown.ToJsonString());
        Assert.Equal(wrong.ToJsonString(), unknownMail.ToJsonString());

        async Task<JsonObject> BodyAsync(string json)
        {
            using var answer = await app.SendAsync(HttpMethod.Post, "/api/v1/auth/login", json).AnsweredAsync(401);
            return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject();
        }
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_account_take_the_same_time()
    {
        const int tries = 11;
        await using var slow = await App.StartAsync("--PASSWORD_COST=10");
        var ana = await slow.SignUpAsync("ana");
        var (known, unknown) = (new List<double>(), new List<double>());
        for (var i = 0; i < tries; i++)
        {
            // By turns, so that a busy moment is one for both.
            known.Add(await TimeAsync(ana.Username));
            unknown.Add(await TimeAsync("nobody-here"));
        }

        var (one, other) = (known.Order().ElementAt(tries / 2), unknown.Order().ElementAt(tries / 2));
        TestContext.Current.TestOutputHelper!.WriteLine($"medians of {tries} tries at cost 10: known {one:F1} ms, unknown {other:F1} ms");

        // Without the work of the hash an unknown account would be told in a tenth of the time.
        Assert.InRange(other / one, 0.5, 2);

        async Task<double> TimeAsync(string login)
        {
            var watch = Stopwatch.StartNew();
            (await slow.SendAsync(HttpMethod.Post, "/api/v1/auth/login", $$"""{"login":"{{login}}","password":"wrong horse battery"}""").AnsweredAsync(401)).Dispose();
            return watch.Elapsed.TotalMilliseconds;
        }
    }

    [Fact]
    public async Task The_password_counts_to_its_last_character_and_in_either_unicode_form()
    {
        var password = new string('x', 1000) + "é-end";
        var ana = await app.RegisterAsync(new RegisterRequest { Username = "longpass", Email = "longpass@example.org", Password = password });

        await app.SignInAsync(ana, password.Normalize(System.Text.NormalizationForm.FormD));
        await app.SignInAsync(ana, password[..^1] + "D").RefusedAsync(401, ErrorCodes.InvalidCredentials);
        await app.SignInAsync(ana, password[..72]).RefusedAsync(401, ErrorCodes.InvalidCredentials);
    }

    [Fact]
    public async Task A_disabled_account_is_told_so_only_with_the_right_password()
    {
        var ana = await app.SignUpAsync("ana");
        await app.Admin.Admin.UpdateUserAsync(ana.Id, new AdminUpdateUserRequest { Disabled = true });

        await app.SignInAsync(ana).RefusedAsync(403, ErrorCodes.AccountDisabled);
        await app.SignInAsync(ana, "wrong horse battery").RefusedAsync(401, ErrorCodes.InvalidCredentials);
    }

    [Fact]
    public async Task Who_signed_in_and_who_was_refused_stands_in_the_log_as_an_id()
    {
        await using var quiet = await App.StartAsync("--LOG_LEVEL=information");
        var ana = await quiet.SignUpAsync("ana");
        using var guest = quiet.Anonymous();
        await guest.Accounts.LoginAsync(new LoginRequest { Login = ana.Username, Password = "not this one" }).RefusedAsync(401, ErrorCodes.InvalidCredentials);
        await guest.Accounts.LoginAsync(new LoginRequest { Login = "nobody-at-all", Password = "not this one" }).RefusedAsync(401, ErrorCodes.InvalidCredentials);
        var session = (await quiet.SignInAsync(ana)).SignedIn;

        var lines = quiet.Logs.Lines.Where(line => line.Category.EndsWith(".LogIn", StringComparison.Ordinal)).Select(line => line.Message).ToList();
        Assert.Equal(
            [$"A sign-in of user {ana.Id} was refused: {ErrorCodes.InvalidCredentials}", $"A sign-in was refused: {ErrorCodes.InvalidCredentials}"], lines[..2]);
        Assert.StartsWith($"User {session.Id} signed in; session ", Assert.Single(lines[2..]), StringComparison.Ordinal);
        Assert.DoesNotContain(lines, line => line.Contains(ana.Username, StringComparison.Ordinal) || line.Contains("nobody", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_any_name_the_field_is_named()
    {
        var refusal = await app.Anonymous().Accounts.LoginAsync(new LoginRequest { Password = Person.FirstPassword }).RefusedAsync(422, ErrorCodes.ValidationFailed);

        Assert.Equal(["login"], refusal.Problem.Errors!.Keys);
    }

    [Fact]
    public async Task No_token_a_bad_token_and_a_stranger_s_token_open_nothing()
    {
        await app.SendAsync(HttpMethod.Get, "/api/v1/auth/me").RefusedAsync(401, ErrorCodes.NotAuthenticated);
        await app.SendAsync(HttpMethod.Get, "/api/v1/auth/me", null, ("Authorization", "Bearer nonsense")).RefusedAsync(401, ErrorCodes.InvalidToken);
        await app.SendAsync(HttpMethod.Get, "/api/v1/auth/me", null, ("Authorization", "Basic YTpi")).RefusedAsync(401, ErrorCodes.NotAuthenticated);
        await using var other = await App.StartAsync();
        var stranger = await other.SignUpAsync("stranger");
        await app.SendAsync(HttpMethod.Get, "/api/v1/auth/me", null, ("Authorization", "Bearer " + stranger.AccessToken)).RefusedAsync(401, ErrorCodes.InvalidToken);
    }
}
