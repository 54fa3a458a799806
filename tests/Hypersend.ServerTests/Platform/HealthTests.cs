using System.Text.Json;
using System.Text.RegularExpressions;
using Hypersend.Contracts.Errors;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Platform;

/// <summary>What a server says of itself. A part that takes longer than a second to answer counts as away, which is as it should be beside no other test.</summary>
[Collection(nameof(Alone))]
public sealed partial class HealthTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task A_well_server_says_so_with_its_parts_to_those_inside()
    {
        var health = await app.Anonymous().Server.GetHealthAsync();

        Assert.Equal("healthy", health.Status);
        Assert.Equal(["bus healthy", "database healthy", "storage healthy"], health.Services!.Select(part => $"{part.Key} {part.Value}").Order());
        Assert.Equal("healthy", (await app.Anonymous().Server.GetLiveAsync()).Status);
        Assert.Equal("healthy", (await app.Anonymous().Server.GetReadyAsync()).Status);
    }

    [Fact]
    [OneNode("the proxy says who is outside, not the request")]
    public async Task Outside_nobody_learns_of_the_parts_or_the_metrics()
    {
        var outside = ("X-Forwarded-For", "203.0.113.7");

        using var health = await app.SendAsync(HttpMethod.Get, "/health", null, outside).AnsweredAsync(200);

        Assert.DoesNotContain("services", await health.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await app.SendAsync(HttpMethod.Get, "/metrics", null, outside).RefusedAsync(404, ErrorCodes.NotFound);
    }

    [Fact]
    [OneNode("the proxy says who is outside, not the request")]
    public async Task The_metrics_token_opens_the_metrics_from_anywhere()
    {
        await using var own = await App.StartAsync("--METRICS_TOKEN=let-me-see-them-all");
        var outside = ("X-Forwarded-For", "203.0.113.7");

        await own.SendAsync(HttpMethod.Get, "/metrics", null, outside, ("Authorization", "Bearer wrong")).RefusedAsync(404, ErrorCodes.NotFound);
        using var metrics = await own.SendAsync(HttpMethod.Get, "/metrics", null, outside, ("Authorization", "Bearer let-me-see-them-all")).AnsweredAsync(200);

        Assert.Equal("text/plain", metrics.Content.Headers.ContentType?.MediaType);
        Assert.Contains("# TYPE ", await metrics.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_metrics_count_what_happened()
    {
        var ana = await app.SignUpAsync("ana");
        await app.SignInAsync(ana, "wrong horse battery").RefusedAsync(401, ErrorCodes.InvalidCredentials);

        using var metrics = await app.SendAsync(HttpMethod.Get, "/metrics").AnsweredAsync(200);
        var text = await metrics.Content.ReadAsStringAsync();

        Assert.Contains("http_server_request_duration", text, StringComparison.Ordinal);
        Assert.Matches("hypersend_[a-z_]+.*invalid_credentials", text);
    }

    [Fact]
    public async Task The_document_and_its_two_readers_need_nothing_from_elsewhere()
    {
        using var document = JsonDocument.Parse(await app.Http.GetStringAsync("/openapi.json"));
        Assert.StartsWith("3.", document.RootElement.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        Assert.Equal("/", document.RootElement.GetProperty("servers")[0].GetProperty("url").GetString());

        foreach (var reader in new[] { "/docs", "/redoc" })
        {
            using var redirect = await app.SendAsync(HttpMethod.Get, reader);
            Assert.Equal(301, (int)redirect.StatusCode);
            var page = await app.Http.GetStringAsync(reader + "/index.html");
            var sources = SourceShape().Matches(page).Select(match => match.Groups[1].Value).ToList();
            Assert.NotEmpty(sources);
            foreach (var source in sources)
            {
                Assert.DoesNotContain("//", source, StringComparison.Ordinal);
                if (!source.StartsWith("data:", StringComparison.Ordinal))
                    await app.SendAsync(HttpMethod.Get, new Uri(new Uri(app.Address, reader + "/"), source).PathAndQuery).AnsweredAsync(200);
            }
        }
    }

    [GeneratedRegex("""<(?:script|link|img)\b[^>]*?\b(?:src|href)\s*=\s*["']([^"']+)["']""", RegexOptions.IgnoreCase)]
    private static partial Regex SourceShape();
}
