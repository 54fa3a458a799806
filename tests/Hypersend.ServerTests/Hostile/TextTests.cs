using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Users;
using Hypersend.Sdk;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Hostile;

/// <summary>Text that has broken other programs: it comes back byte for byte, or is refused with a code.</summary>
public sealed class TextTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task Naughty_strings_come_back_as_names_byte_for_byte()
    {
        var me = await app.SignUpAsync("naughty");
        var kept = 0;
        foreach (var text in Naughty())
        {
            try
            {
                var saved = await me.Users.UpdateMeAsync(new UpdateUserRequest { Name = text, Bio = text }, TestContext.Current.CancellationToken);
                var read = await me.Users.GetMeAsync(TestContext.Current.CancellationToken);
                Assert.Equal(text, saved.Name);
                Assert.Equal(text, read.Name);
                Assert.Equal(text, read.Bio);
                kept++;
            }
            catch (HypersendException refusal)
            {
                Assert.Equal(422, refusal.Status);
                Assert.True(string.IsNullOrWhiteSpace(text) || text.Length > 100, $"refused: {text}");
            }
        }

        Assert.True(kept > 400, $"only {kept} were kept");
    }

    [Fact]
    public async Task Naughty_strings_open_the_account_they_are_the_password_of()
    {
        var opened = 0;
        var number = 0;
        foreach (var text in Naughty())
        {
            var username = $"password-{number++}";
            try
            {
                await app.RegisterAsync(new RegisterRequest { Username = username, Email = username + "@example.org", Password = text });
            }
            catch (HypersendException refusal)
            {
                Assert.Equal(422, refusal.Status);
                continue;
            }

            using var client = app.Anonymous();
            await client.Accounts.LoginAsync(new LoginRequest { Login = username, Password = text }, TestContext.Current.CancellationToken);
            var wrong = await Assert.ThrowsAsync<HypersendException>(
                () => client.Accounts.LoginAsync(new LoginRequest { Login = username, Password = text + "x" }, TestContext.Current.CancellationToken));
            Assert.Equal("invalid_credentials", wrong.Code);
            opened++;
        }

        Assert.True(opened > 350, $"only {opened} were taken");
    }

    [Fact]
    public async Task Naughty_strings_are_answered_when_they_are_searched_for()
    {
        var me = await app.SignUpAsync("searcher");
        foreach (var text in Naughty())
        {
            using var answer = await me.SendAsync(HttpMethod.Get, "/api/v1/users/search?q=" + Uri.EscapeDataString(text));
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.UnprocessableEntity, $"{(int)answer.StatusCode} for {text}");
        }
    }

    [Theory]
    [InlineData("/api/v1/users/me", "PUT", "name")]
    [InlineData("/api/v1/users/me", "PUT", "bio")]
    [InlineData("/api/v1/auth/register", "POST", "password")]
    [InlineData("/api/v1/auth/register", "POST", "username")]
    [InlineData("/api/v1/auth/register", "POST", "email")]
    [InlineData("/api/v1/auth/login", "POST", "login")]
    [InlineData("/api/v1/auth/login", "POST", "password")]
    public async Task The_character_zero_is_refused_as_such(string path, string method, string field)
    {
        var me = await app.SignUpAsync("zero");
        var body = new JsonObject { ["username"] = "zeroes", ["email"] = "zeroes@example.org", ["password"] = "long enough for all", ["login"] = "x" };
        body[field] = "a text with \0 inside";
        using var answer = await me.SendAsync(new HttpMethod(method), path, body.ToJsonString());
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal("invalid_text", problem["code"]!.GetValue<string>());
    }

    [Fact]
    public async Task Paths_that_climb_find_nothing()
    {
        var me = await app.SignUpAsync("climber");
        var tried = 0;
        foreach (var line in await File.ReadAllLinesAsync(SharedData.PathOf("path-traversal.txt"), TestContext.Current.CancellationToken))
        {
            if (line.Length == 0 || line.StartsWith('#') || ++tried > 400)
                continue;
            using var answer = await me.SendAsync(HttpMethod.Get, $"/api/v1/users/{Uri.EscapeDataString(line)}/avatar");
            Assert.True((int)answer.StatusCode is 404 or 400, $"{(int)answer.StatusCode} for {line}");
        }

        Assert.True(tried > 100);
    }

    private static List<string> Naughty() =>
        [.. JsonSerializer.Deserialize<string[]>(File.ReadAllText(SharedData.PathOf("naughty-strings.json")))!];
}
