using System.Net.Http.Headers;
using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Users;
using Hypersend.Sdk;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Platform;

/// <summary>Secrets planted in every place a person can put one: no log line, at the most talkative level, has any of them.</summary>
public sealed class CanaryTests
{
    private const string Password = "canary-password-7319";
    private const string NewPassword = "canary-new-password-7319";
    private const string Query = "canary-query-7319";

    [Fact]
    public async Task No_secret_reaches_a_log()
    {
        await using var app = await App.StartAsync("--LOG_LEVEL=trace");
        var ana = await app.RegisterAsync(new RegisterRequest { Username = "ana", Email = "canary-mail-7319@example.org", Password = Password, Name = "Canary Name 7319" });
        var secrets = new List<string> { Password, NewPassword, Query, ana.AccessToken, ana.RefreshToken, ana.Email, "Canary Name 7319" };

        var setup = await ana.Accounts.SetUpTotpAsync();
        secrets.Add(setup.Secret);
        secrets.Add((await ana.Accounts.GetSocketTicketAsync()).Ticket);
        await ana.Users.UpdateMeAsync(new UpdateUserRequest { Bio = "canary-bio-7319" });
        secrets.Add("canary-bio-7319");
        await ana.Accounts.ForgotPasswordAsync(new ForgotPasswordRequest { Email = ana.Email });
        secrets.Add((await app.Mail.NextToAsync(ana.Email)).Token);
        await ana.Accounts.ChangePasswordAsync(new ChangePasswordRequest { CurrentPassword = Password, NewPassword = NewPassword });
        await Assert.ThrowsAsync<HypersendException>(() => app.Anonymous().Accounts.LoginAsync(new LoginRequest { Login = ana.Email, Password = Password }));

        // What goes wrong is logged more than what goes well: tokens in addresses, broken bodies, broken headers.
        string[] paths = [$"/api/v1/auth/me?token={ana.AccessToken}", $"/nothing/here?secret={Query}", $"/api/v1/users/search?q={Query}&token={ana.AccessToken}"];
        foreach (var path in paths)
            (await ana.SendAsync(HttpMethod.Get, path)).Dispose();
        (await ana.SendAsync(HttpMethod.Post, "/api/v1/auth/login", $$"""{"login":"{{ana.Email}}","password":"{{Password}}" """)).Dispose();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/auth/me") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", ana.AccessToken + "x") } };
        (await app.Http.SendAsync(request)).Dispose();
        await ana.Accounts.LogoutAllAsync();

        Assert.Contains(app.Logs.Lines, line => line.Message.Contains("auth/login", StringComparison.Ordinal));
        TestContext.Current.TestOutputHelper!.WriteLine($"{secrets.Count} secrets planted, {app.Logs.Lines.Count} lines of log at the most talkative level");
        Assert.Equal([], app.Logs.Lines.Where(line => secrets.Exists(secret => line.ToString().Contains(secret, StringComparison.OrdinalIgnoreCase))));
    }
}
