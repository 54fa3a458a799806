using System.Globalization;
using System.Net;
using Hypersend.FaultTests.Processes;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Files;

public sealed class Http2Tests
{
    [Fact]
    public async Task Many_ranges_and_followers_share_one_connection()
    {
        var port = Ports.Next();
        await using var app = await App.StartAsync("--HTTPS=self", string.Create(CultureInfo.InvariantCulture, $"--HTTPS_PORT={port}"));
        var ana = await app.SignUpAsync("ana");
        var whole = Bytes.Of((6 * Bytes.Mega) + 99);
        var ready = await ana.SendFileAsync(null, whole);
        var upload = await ana.BeginAsync(null, whole.Length);
        using var handler = new SocketsHttpHandler { UseCookies = false, EnableMultipleHttp2Connections = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate!.Subject.StartsWith("CN=Hypersend", StringComparison.Ordinal);
        using var http = new HttpClient(handler)
        {
            BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{port}")),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + ana.AccessToken);

        await ana.SendAsync(upload, whole, 0);
        var following = http.GetByteArrayAsync(upload.FileId.DownloadPath());
        await Task.WhenAll(Enumerable.Range(0, 12).Select(async number =>
        {
            var (from, to) = (number * 500_000L, Math.Min(whole.Length, (number + 1) * 600_000L) - 1);
            using var request = new HttpRequestMessage(HttpMethod.Get, ready.DownloadPath())
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            request.Headers.Range = new(from, to);
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal((HttpStatusCode.PartialContent, HttpVersion.Version20), (answer.StatusCode, answer.Version));
            Assert.Equal(whole[(int)from..(int)(to + 1)], await answer.Content.ReadAsByteArrayAsync());
        }));

        // One that is given up in the middle takes nothing from the others.
        using (var given = await http.GetAsync(ready.DownloadPath(), HttpCompletionOption.ResponseHeadersRead))
        {
            await using var body = await given.Content.ReadAsStreamAsync();
            await body.ReadExactlyAsync(new byte[1000]);
        }

        for (var chunk = 1; chunk < upload.TotalChunks; chunk++)
            await ana.SendAsync(upload, whole, chunk);
        await ana.Files.CompleteAsync(upload.UploadId);
        Assert.Equal(whole, await following);
        Assert.Equal(whole, await http.GetByteArrayAsync(ready.DownloadPath()));
    }
}
