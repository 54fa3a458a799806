using System.Text.Json;
using Hypersend.Contracts.Errors;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Accounts;

public sealed class CookieTests(App app) : IClassFixture<App>
{
    private static readonly (string, string) SameOrigin = ("Sec-Fetch-Site", "same-origin");

    [Fact]
    public async Task Signing_in_with_a_cookie_keeps_the_refresh_token_out_of_the_body()
    {
        var ana = await app.SignUpAsync("ana");

        using var answer = await LoginAsync(app, ana);

        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.False(json.RootElement.TryGetProperty("refresh_token", out _));
        Assert.NotEmpty(json.RootElement.GetProperty("access_token").GetString()!);
        var cookies = Cookies.Of(answer);
        Assert.Equal(["hs_media", "hs_refresh"], cookies.Keys.Order());
        foreach (var cookie in cookies.Values)
            Assert.Equal(["httponly", "path=/", "samesite=strict"], cookie.Attributes);
    }

    [Fact]
    public async Task Behind_https_the_cookie_is_secure_and_bound_to_the_host()
    {
        await using var own = await App.StartAsync("--TRUSTED_PROXIES=127.0.0.1");
        var ana = await own.SignUpAsync("ana");

        using var answer = await LoginAsync(own, ana, ("X-Forwarded-Proto", "https"), ("X-Forwarded-For", "203.0.113.7"));

        var cookies = Cookies.Of(answer);
        Assert.Equal(["__Host-hs_refresh", "hs_media"], cookies.Keys.Order(StringComparer.Ordinal));
        foreach (var cookie in cookies.Values)
            Assert.Equal(["httponly", "path=/", "samesite=strict", "secure"], cookie.Attributes);
        Assert.Equal("max-age=31536000", Assert.Single(answer.Headers.GetValues("Strict-Transport-Security")));
    }

    [Fact]
    public async Task The_cookie_refreshes_for_our_own_pages_only()
    {
        var cookie = await RefreshCookieAsync();

        await RefreshAsync(cookie).RefusedAsync(403, ErrorCodes.CrossSite);
        await RefreshAsync(cookie, ("Sec-Fetch-Site", "cross-site")).RefusedAsync(403, ErrorCodes.CrossSite);
        await RefreshAsync(cookie, ("Sec-Fetch-Site", "same-site")).RefusedAsync(403, ErrorCodes.CrossSite);
        await RefreshAsync(cookie, ("Sec-Fetch-Site", "none")).RefusedAsync(403, ErrorCodes.CrossSite);
        await RefreshAsync(cookie, ("Origin", "https://evil.example")).RefusedAsync(403, ErrorCodes.CrossSite);
        await RefreshAsync(cookie, ("Origin", "null")).RefusedAsync(403, ErrorCodes.CrossSite);
        await RefreshAsync(cookie, ("Sec-Fetch-Site", "cross-site"), ("Origin", Origin)).RefusedAsync(403, ErrorCodes.CrossSite);

        using var byFetch = await RefreshAsync(cookie, SameOrigin).AnsweredAsync(200);
        using var byOrigin = await RefreshAsync(cookie, ("Origin", Origin)).AnsweredAsync(200);
        Assert.Equal(Cookies.Of(byFetch)["hs_refresh"].Value, Cookies.Of(byOrigin)["hs_refresh"].Value);
        Assert.NotEqual(cookie.Value, Cookies.Of(byFetch)["hs_refresh"].Value);
        Assert.DoesNotContain("refresh_token", await byFetch.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cookie_that_is_no_longer_good_is_taken_back()
    {
        using var answer = await RefreshAsync(new Cookie("hs_refresh", "hsr_nonsense", []), SameOrigin);

        Assert.Equal(401, (int)answer.StatusCode);
        Assert.Equal("", Cookies.Of(answer)["hs_refresh"].Value);
    }

    [Fact]
    public async Task The_media_cookie_opens_pictures_and_nothing_else()
    {
        var ana = await app.SignUpAsync("ana");
        await ana.Users.SetAvatarAsync(Pictures.Png);
        using var login = await LoginAsync(app, ana);
        var media = Cookies.Of(login)["hs_media"];
        var avatar = $"/api/v1/users/{ana.Id}/avatar";

        await app.SendAsync(HttpMethod.Get, avatar).RefusedAsync(401, ErrorCodes.NotAuthenticated);
        await app.SendAsync(HttpMethod.Get, avatar, null, media.Header).AnsweredAsync(200);
        await app.SendAsync(HttpMethod.Head, avatar, null, media.Header).AnsweredAsync(200);
        await app.SendAsync(HttpMethod.Get, avatar, null, ("Cookie", "hs_media=" + media.Value[..^3] + "AAA")).RefusedAsync(401, ErrorCodes.NotAuthenticated);
        await app.SendAsync(HttpMethod.Get, "/api/v1/auth/me", null, media.Header).RefusedAsync(401, ErrorCodes.NotAuthenticated);
        await app.SendAsync(HttpMethod.Put, "/api/v1/users/me/avatar", null, media.Header).RefusedAsync(401, ErrorCodes.NotAuthenticated);
        await app.SendAsync(HttpMethod.Delete, "/api/v1/users/me", null, media.Header).RefusedAsync(401, ErrorCodes.NotAuthenticated);

        await ana.Accounts.LogoutAllAsync();
        await app.SendAsync(HttpMethod.Get, avatar, null, media.Header).RefusedAsync(401, ErrorCodes.SessionEnded);
    }

    [Fact]
    public async Task Logging_out_by_the_cookie_needs_our_own_pages_and_takes_the_cookies_back()
    {
        var cookie = await RefreshCookieAsync();

        await LogoutAsync(cookie).RefusedAsync(403, ErrorCodes.CrossSite);
        await LogoutAsync(cookie, ("Sec-Fetch-Site", "cross-site")).RefusedAsync(403, ErrorCodes.CrossSite);
        using var answer = await LogoutAsync(cookie, SameOrigin).AnsweredAsync(204);

        Assert.Equal("", Cookies.Of(answer)["hs_refresh"].Value);
        await RefreshAsync(cookie, SameOrigin).RefusedAsync(401, ErrorCodes.InvalidRefreshToken);
    }

    private string Origin => app.Address.GetLeftPart(UriPartial.Authority);

    private async Task<Cookie> RefreshCookieAsync()
    {
        using var answer = await LoginAsync(app, await app.SignUpAsync("ana"));
        return Cookies.Of(answer)["hs_refresh"];
    }

    private static Task<HttpResponseMessage> LoginAsync(App app, Person person, params (string, string)[] headers) => app.SendAsync(
        HttpMethod.Post, "/api/v1/auth/login", $$"""{"login":"{{person.Username}}","password":"{{person.Password}}","session":"cookie"}""", headers).AnsweredAsync(200);

    private Task<HttpResponseMessage> RefreshAsync(Cookie cookie, params (string, string)[] headers) =>
        app.SendAsync(HttpMethod.Post, "/api/v1/auth/refresh", null, [cookie.Header, .. headers]);

    private Task<HttpResponseMessage> LogoutAsync(Cookie cookie, params (string, string)[] headers) =>
        app.SendAsync(HttpMethod.Post, "/api/v1/auth/logout", null, [cookie.Header, .. headers]);
}
