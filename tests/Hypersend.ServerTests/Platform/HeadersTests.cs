using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Platform;

public sealed class HeadersTests(App app) : IClassFixture<App>
{
    [Theory]
    [InlineData("GET", "/api/v1/server", null, 200)]
    [InlineData("GET", "/api/v1/users/me", null, 401)]
    [InlineData("GET", "/api/v1/nothing", null, 404)]
    [InlineData("POST", "/api/v1/auth/login", "{", 400)]
    [InlineData("POST", "/api/v1/auth/login", "{}", 422)]
    [InlineData("GET", "/health", null, 200)]
    public async Task Every_answer_carries_them_the_errors_too(string method, string path, string? body, int status)
    {
        using var answer = await app.SendAsync(new HttpMethod(method), path, body).AnsweredAsync(status);

        Assert.Equal("nosniff", One("X-Content-Type-Options"));
        Assert.Equal("no-referrer", One("Referrer-Policy"));
        Assert.Equal("same-origin", One("Cross-Origin-Opener-Policy"));
        Assert.Equal("same-origin", One("Cross-Origin-Resource-Policy"));
        Assert.Equal("DENY", One("X-Frame-Options"));
        Assert.StartsWith("default-src 'none'; script-src 'self';", One("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", One("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Contains("base-uri 'none'", One("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", One("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Contains("geolocation=()", One("Permissions-Policy"), StringComparison.Ordinal);
        Assert.NotEmpty(One("X-Request-Id"));

        // nginx does not keep its name to itself.
        Assert.Equal(Cluster.IsOn ? "nginx" : "", answer.Headers.Server.ToString());
        Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
        if (path.StartsWith("/api", StringComparison.Ordinal))
            Assert.Contains("no-store", One("Cache-Control"), StringComparison.Ordinal);

        string One(string name) => Assert.Single(answer.Headers.NonValidated[name]);
    }
}
