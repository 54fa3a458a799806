using System.Net;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Files;

/// <summary>A real nginx in front that sends the bytes in our place.</summary>
[OneNode("it puts nginx before a node of its own")]
[PlainFolder("nginx sends nothing else by itself")]
public sealed class NginxTests
{
    [Fact]
    public async Task Nginx_sends_what_it_is_told_to_with_ranges_and_the_headers_that_keep_it_harmless()
    {
        Assert.SkipUnless(Nginx.IsInstalled, Nginx.Absent);
        await using var app = await App.StartAsync("--ACCEL_REDIRECT=/protected");
        await using var nginx = await Nginx.StartAsync([app.Address], "--blobs", Path.Combine(app.DataRoot, "blobs"));
        var (ana, eve) = (await app.SignUpAsync("ana"), await app.SignUpAsync("eve"));
        var whole = Bytes.Of((2 * Bytes.Mega) + 5);
        var id = await ana.SendFileAsync(null, whole, "a film.mp4");
        using var http = new HttpClient { BaseAddress = nginx.Address };

        using var all = await AskAsync(http, ana, id.DownloadPath());
        Assert.Equal(HttpStatusCode.OK, all.StatusCode);
        Assert.Equal(whole, await all.Content.ReadAsByteArrayAsync());
        Assert.False(all.Headers.Contains("X-Accel-Redirect"));
        Assert.Equal("attachment", all.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal(["nosniff"], all.Headers.GetValues("X-Content-Type-Options"));
        Assert.Equal(["sandbox; default-src 'none'"], all.Headers.GetValues("Content-Security-Policy"));
        Assert.Equal(["same-origin"], all.Headers.GetValues("Cross-Origin-Resource-Policy"));
        Assert.Contains("no-cache", all.Headers.CacheControl!.ToString(), StringComparison.Ordinal);

        using var part = await AskAsync(http, ana, id.DownloadPath(), ("Range", "bytes=1048570-1048579"), ("If-Range", all.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(whole[1_048_570..1_048_580], await part.Content.ReadAsByteArrayAsync());
        using var unchanged = await AskAsync(http, ana, id.DownloadPath(), ("If-None-Match", all.Headers.ETag.ToString()));
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);

        using var stranger = await AskAsync(http, eve, id.DownloadPath());
        Assert.Equal(HttpStatusCode.NotFound, stranger.StatusCode);
        using var direct = await AskAsync(http, ana, $"/protected{app.DataRoot}/blobs/files/{id.ToString()[^2..]}/{id}");
        Assert.Equal(HttpStatusCode.NotFound, direct.StatusCode);
    }

    private static async Task<HttpResponseMessage> AskAsync(HttpClient http, Person person, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + person.AccessToken);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await http.SendAsync(request);
    }
}
