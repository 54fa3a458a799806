using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.FaultTests.Processes;
using Hypersend.ServerTests.Files;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Deploy;

/// <summary>A site as deploy/nginx/hypersend.conf makes it: TLS and HTTP/2 in front, one node behind.</summary>
[OneNode("the site makes its own")]
public sealed class SiteTests
{
    private const string Name = "CN=hypersend-site";

    [Fact]
    public async Task Files_and_sockets_pass_under_tls_and_what_the_server_says_of_safety_is_said_once()
    {
        Assert.SkipUnless(Nginx.IsInstalled, Nginx.Absent);
        await using var app = await App.StartAsync("--TRUSTED_PROXIES=127.0.0.1");
        var ana = await app.SignUpAsync("ana");
        using var folder = new ScratchFolder();
        await using var nginx = await Nginx.StartAsync([app.Address], await CertificateAsync(folder));
        using var http = Client(nginx);

        // More than any buffer on the way.
        var whole = Bytes.Of((3 * Bytes.Mega) + 77);
        var upload = await ana.BeginAsync(null, whole.Length);
        for (var chunk = 0; chunk < upload.TotalChunks; chunk++)
        {
            using var body = new ByteArrayContent(whole[(chunk * Bytes.Mega)..Math.Min(whole.Length, (chunk + 1) * Bytes.Mega)]);
            using var taken = await AskAsync(http, ana, HttpMethod.Put, $"/api/v1/files/{upload.UploadId}/chunk?chunk_index={chunk}", body);
            Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), (taken.StatusCode, taken.Version));
        }

        await ana.Files.CompleteAsync(upload.UploadId);
        using var answer = await AskAsync(http, ana, HttpMethod.Get, upload.FileId.DownloadPath());
        Assert.Equal(whole, await answer.Content.ReadAsByteArrayAsync());
        foreach (var header in new[] { "X-Content-Type-Options", "Content-Security-Policy", "Strict-Transport-Security", "X-Request-Id", "Referrer-Policy" })
            Assert.Single(answer.Headers.GetValues(header));

        // The way between nodes is no way in.
        using var nowhere = await AskAsync(http, ana, HttpMethod.Get, "/api/v1/p2p/nodes/sender/x");
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (nowhere.StatusCode, nowhere.Content.Headers.ContentType!.MediaType));

        using var socket = new ClientWebSocket();
        socket.Options.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate!.Subject == Name;
        await socket.ConnectAsync(new UriBuilder(nginx.Address) { Scheme = "wss", Path = "/ws", Query = "token=" + ana.AccessToken }.Uri, Cancellation);
        var heard = await socket.ReceiveAsync(new ArraySegment<byte>(new byte[4096]), Cancellation);
        Assert.Equal(WebSocketMessageType.Text, heard.MessageType);

        var link = (await ana.Files.CreateLinkAsync(upload.FileId, new CreateLinkRequest())).Url!;
        using var visit = await http.GetAsync(new Uri(link).AbsolutePath, Cancellation);
        Assert.Equal(HttpStatusCode.OK, visit.StatusCode);
        using var gone = await http.GetAsync("/health/live?from=the+last+line", Cancellation);
        Assert.DoesNotContain(new Uri(link).Segments[^1], nginx.AccessLog, StringComparison.Ordinal);
        Assert.DoesNotContain("?", nginx.AccessLog, StringComparison.Ordinal);
        Assert.Contains("\"GET /s/- HTTP/2.0\" 200", nginx.AccessLog, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_the_clear_pages_lead_to_https_and_calls_are_refused()
    {
        Assert.SkipUnless(Nginx.IsInstalled, Nginx.Absent);
        using var folder = new ScratchFolder();
        var plain = "127.0.0.1:" + Ports.Next().ToString(CultureInfo.InvariantCulture);
        await using var nginx = await Nginx.StartAsync([new Uri("http://127.0.0.1:9")], [.. await CertificateAsync(folder), "--plain", plain]);
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri("http://" + plain) };

        using var page = await http.GetAsync("/chats/x", Cancellation);
        Assert.Equal((HttpStatusCode.MovedPermanently, "https://127.0.0.1/chats/x"), (page.StatusCode, page.Headers.Location?.ToString()));
        foreach (var path in new[] { "/api/v1/users/me", "/api", "/ws?token=x" })
        {
            using var call = await http.GetAsync(path, Cancellation);
            Assert.Equal((HttpStatusCode.Forbidden, "application/problem+json"), (call.StatusCode, call.Content.Headers.ContentType!.MediaType));
            var problem = JsonNode.Parse(await call.Content.ReadAsStringAsync(Cancellation))!;
            Assert.Equal(ErrorCodes.Forbidden, (string?)problem["code"]);
            Assert.Contains("https", (string?)problem["detail"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Without_any_node_it_answers_as_the_server_would_and_goes_on_when_one_is_back()
    {
        Assert.SkipUnless(Nginx.IsInstalled, Nginx.Absent);
        await using var app = await App.StartAsync("--TRUSTED_PROXIES=127.0.0.1");
        await using var nginx = await Nginx.StartAsync([app.Address]);
        using var http = new HttpClient { BaseAddress = nginx.Address };
        await app.StopAsync();

        using (var away = await http.GetAsync("/api/v1/server", Cancellation))
        {
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "application/problem+json"), (away.StatusCode, away.Content.Headers.ContentType?.MediaType));
            Assert.NotNull(away.Headers.RetryAfter);
            Assert.Contains("\"code\":\"unavailable\"", await away.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }

        await app.StartAgainAsync();
        using var back = await http.GetAsync("/api/v1/server", Cancellation);
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static HttpClient Client(Nginx nginx)
    {
        var handler = new SocketsHttpHandler { UseCookies = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate!.Subject == Name;
        return new HttpClient(handler) { BaseAddress = nginx.Address, DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
    }

    private static async Task<HttpResponseMessage> AskAsync(HttpClient http, Person person, HttpMethod method, string path, HttpContent? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = body };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + person.AccessToken);
        return await http.SendAsync(request, Cancellation);
    }

    private static async Task<string[]> CertificateAsync(ScratchFolder folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest(Name, key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        await File.WriteAllTextAsync(folder.File("certificate.pem"), certificate.ExportCertificatePem(), Cancellation);
        await File.WriteAllTextAsync(folder.File("key.pem"), key.ExportPkcs8PrivateKeyPem(), Cancellation);
        return ["--certificate", folder.File("certificate.pem"), "--key", folder.File("key.pem")];
    }
}
