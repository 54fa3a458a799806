using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Platform;

public sealed class CorsTests
{
    private const string Allow = "Access-Control-Allow-Origin";

    [Fact]
    public async Task Only_the_origins_of_the_list_may_call()
    {
        await using var app = await App.StartAsync("--CORS_ORIGINS=https://app.example.org,https://other.example.org:8443");

        foreach (var origin in new[] { "https://app.example.org", "https://other.example.org:8443" })
        {
            using var preflight = await PreflightAsync(app, origin);
            Assert.Equal(origin, Assert.Single(preflight.Headers.GetValues(Allow)));
            Assert.Contains("authorization", Assert.Single(preflight.Headers.GetValues("Access-Control-Allow-Headers")), StringComparison.OrdinalIgnoreCase);
            using var call = await app.SendAsync(HttpMethod.Get, "/api/v1/users/me", null, ("Origin", origin));
            Assert.Equal(origin, Assert.Single(call.Headers.GetValues(Allow)));
            using var broken = await app.SendAsync(HttpMethod.Post, "/api/v1/auth/login", "{", ("Origin", origin)).AnsweredAsync(400);
            Assert.Equal(origin, Assert.Single(broken.Headers.GetValues(Allow)));
        }

        foreach (var origin in new[] { "https://evil.example", "http://app.example.org", "https://app.example.org.evil.example", "https://other.example.org", "null" })
        {
            using var preflight = await PreflightAsync(app, origin);
            Assert.False(preflight.Headers.Contains(Allow), origin);
            using var call = await app.SendAsync(HttpMethod.Get, "/api/v1/server", null, ("Origin", origin));
            Assert.False(call.Headers.Contains(Allow), origin);
        }
    }

    [Fact]
    public async Task Without_a_list_nobody_may_and_a_star_allows_no_credentials()
    {
        await using var closed = await App.StartAsync();
        using var none = await PreflightAsync(closed, "https://app.example.org");
        Assert.False(none.Headers.Contains(Allow));

        await using var open = await App.StartAsync("--CORS_ORIGINS=*", "--DEBUG=on");
        using var star = await PreflightAsync(open, "https://any.example");
        Assert.Equal("*", Assert.Single(star.Headers.GetValues(Allow)));
        Assert.False(star.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    private static Task<HttpResponseMessage> PreflightAsync(App app, string origin) => app.SendAsync(
        HttpMethod.Options, "/api/v1/users/me", null, ("Origin", origin), ("Access-Control-Request-Method", "PUT"), ("Access-Control-Request-Headers", "authorization"));
}
