using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Hypersend.FaultTests.Processes;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Start;

/// <summary>HTTPS=self: a certificate of our own for the people on the network.</summary>
public sealed class HttpsSelfTests
{
    [Fact]
    public async Task The_made_certificate_names_this_machine_and_survives_a_restart()
    {
        var port = Ports.Next();
        await using var app = await App.StartAsync("--HTTPS=self", string.Create(CultureInfo.InvariantCulture, $"--HTTPS_PORT={port}"));

        var first = await AskAsync(port);
        Assert.Equal(HttpStatusCode.OK, first.Answer.StatusCode);
        Assert.False(first.Answer.Headers.Contains("Strict-Transport-Security"));
        var names = first.Certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        Assert.Contains("localhost", names.EnumerateDnsNames());
        Assert.Contains(IPAddress.Loopback, names.EnumerateIPAddresses());
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(app.DataRoot, "https-self.pfx")));

        await app.RestartAsync();
        var second = await AskAsync(port);
        Assert.Equal(first.Certificate.Thumbprint, second.Certificate.Thumbprint);
    }

    [Fact]
    public async Task Cookies_are_bound_to_the_host_and_secure()
    {
        var port = Ports.Next();
        await using var app = await App.StartAsync("--HTTPS=self", string.Create(CultureInfo.InvariantCulture, $"--HTTPS_PORT={port}"));
        using var http = Client(_ => { });
        using var answer = await http.PostAsync(
            UrlOf(port, "/api/v1/auth/register"),
            new StringContent("""{"username":"ana","email":"ana@example.org","password":"correct horse battery","session":"cookie"}""", System.Text.Encoding.UTF8, "application/json"),
            TestContext.Current.CancellationToken);

        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"), value => value.StartsWith("__Host-hs_refresh=", StringComparison.Ordinal));
        Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("path=/", cookie, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<(HttpResponseMessage Answer, X509Certificate2 Certificate)> AskAsync(int port)
    {
        X509Certificate2? seen = null;
        using var http = Client(certificate => seen = new X509Certificate2(certificate));
        var answer = await http.GetAsync(UrlOf(port, "/api/v1/server"), TestContext.Current.CancellationToken);
        return (answer, seen!);
    }

    // The certificate is nobody's the client trusts; that it is the one we see is what the test is about.
    private static HttpClient Client(Action<X509Certificate> seen) => new(new SocketsHttpHandler
    {
        UseCookies = false,
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            {
                seen(certificate!);
                return certificate!.Subject.StartsWith("CN=Hypersend", StringComparison.Ordinal);
            },
        },
    });

    private static Uri UrlOf(int port, string path) => new(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{port}{path}"));
}
