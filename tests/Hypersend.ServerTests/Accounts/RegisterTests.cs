using System.Text.Json;
using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Users;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Accounts;

public sealed class RegisterTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task The_answer_says_who_one_is_and_signs_in()
    {
        using var answer = await app.SendAsync(HttpMethod.Post, "/api/v1/auth/register",
            """{"username":"Shape.1","email":"Shape@Example.org","password":"correct horse battery","name":"Ana Kovács 🦊"}""").AnsweredAsync(200);

        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var root = json.RootElement;
        var user = root.GetProperty("user");
        Assert.Equal("Shape.1", root.GetProperty("username").GetString());
        Assert.Equal("Shape@Example.org", root.GetProperty("email").GetString());
        Assert.Equal("Ana Kovács 🦊", root.GetProperty("name").GetString());
        Assert.Equal("bearer", root.GetProperty("token_type").GetString());
        Assert.InRange(root.GetProperty("expires_in").GetInt32(), 899, 900);
        Assert.StartsWith("hsr_", root.GetProperty("refresh_token").GetString(), StringComparison.Ordinal);
        Assert.Equal(root.GetProperty("id").GetString(), user.GetProperty("id").GetString());
        Assert.Equal(Roles.User, user.GetProperty("role").GetString());
        Assert.Equal(JsonValueKind.Null, user.GetProperty("avatar_url").ValueKind);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", user.GetProperty("created_at").GetString());

        await app.SendAsync(HttpMethod.Get, "/api/v1/auth/me", null, ("Authorization", "Bearer " + root.GetProperty("access_token").GetString())).AnsweredAsync(200);
    }

    [Fact]
    public async Task The_second_account_of_this_machine_is_no_admin()
    {
        Assert.Equal(Roles.Admin, app.Admin.SignedIn.User.Role);
        Assert.Equal(Roles.User, (await app.SignUpAsync("second")).SignedIn.User.Role);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public async Task The_name_is_the_user_name_when_none_is_given(string? name)
    {
        var ana = await app.SignUpAsync("ana", name);

        Assert.Equal(ana.Username, ana.SignedIn.Name);
    }

    [Fact]
    public async Task A_user_name_is_taken_in_any_case()
    {
        var ana = await app.SignUpAsync("ana");

        await RegisterAsync(ana.Username.ToUpperInvariant(), "other-ana@example.org").RefusedAsync(409, ErrorCodes.UsernameTaken);
    }

    [Fact]
    public async Task An_email_address_is_taken_in_any_case()
    {
        var ana = await app.SignUpAsync("ana");

        await RegisterAsync("somebody.else", ana.Email.ToUpperInvariant()).RefusedAsync(409, ErrorCodes.EmailTaken);
    }

    [Theory]
    [InlineData("password")]
    [InlineData("12345678")]
    [InlineData("qwertyuiop")]
    [InlineData("weak-person")]
    public async Task A_password_that_is_easy_to_guess_is_refused(string password)
    {
        var refusal = await RegisterAsync("weak-person", "weak@example.org", password).RefusedAsync(422, ErrorCodes.WeakPassword);

        Assert.True(refusal.Problem.Errors!.ContainsKey("password"));
    }

    [Theory]
    [InlineData("""{"email":"a@example.org","password":"correct horse battery"}""", "username")]
    [InlineData("""{"username":"ab","email":"a@example.org","password":"correct horse battery"}""", "username")]
    [InlineData("""{"username":"with space","email":"a@example.org","password":"correct horse battery"}""", "username")]
    [InlineData("""{"username":"Ünicode","email":"a@example.org","password":"correct horse battery"}""", "username")]
    [InlineData("""{"username":"fine","email":"no address","password":"correct horse battery"}""", "email")]
    [InlineData("""{"username":"fine","email":"a@example.org\r\nBcc: b@example.org","password":"correct horse battery"}""", "email")]
    [InlineData("""{"username":"fine","email":"a@example.org","password":"short"}""", "password")]
    [InlineData("""{"username":"fine","email":"a@example.org"}""", "password")]
    [InlineData("""{"username":"fine","email":"a@example.org","password":"correct horse battery","session":"elsewhere"}""", "session")]
    public async Task A_malformed_field_is_named(string json, string field)
    {
        var problem = await app.SendAsync(HttpMethod.Post, "/api/v1/auth/register", json).RefusedAsync(422, ErrorCodes.ValidationFailed);

        Assert.Equal([field], problem.Errors!.Keys);
    }

    [Fact]
    public async Task A_nul_in_the_name_is_invalid_text() =>
        await app.SendAsync(HttpMethod.Post, "/api/v1/auth/register",
            """{"username":"nul-name","email":"nul@example.org","password":"correct horse battery","name":"a\u0000b"}""").RefusedAsync(422, ErrorCodes.InvalidText);

    [Fact]
    public async Task Of_many_that_want_one_name_at_once_one_gets_it()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => app.SendAsync(HttpMethod.Post, "/api/v1/auth/register",
            $$"""{"username":"wanted","email":"wanted{{i}}@example.org","password":"correct horse battery"}""")));

        Assert.Single(answers, answer => (int)answer.StatusCode == 200);
        Assert.Equal(7, answers.Count(answer => (int)answer.StatusCode == 409));
    }

    [Fact]
    public async Task A_wrong_set_up_code_is_refused_even_where_registration_is_open() =>
        await app.Anonymous().Accounts.RegisterAsync(new RegisterRequest
        {
            Username = "codebreaker",
            Email = "codebreaker@example.org",
            Password = Person.FirstPassword,
            SetupCode = "0000-0000-0000-0000",
        }).RefusedAsync(403, ErrorCodes.InvalidSetupCode);

    private Task<SignedIn> RegisterAsync(string username, string email, string password = Person.FirstPassword) =>
        app.Anonymous().Accounts.RegisterAsync(new RegisterRequest { Username = username, Email = email, Password = password });
}
