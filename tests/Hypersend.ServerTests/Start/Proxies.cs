using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hypersend.FaultTests.Processes;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Start;

/// <summary>One server, and before it one nginx that is set up well at one port and badly in a way of its own at each other one.</summary>
public sealed class Proxies : IAsyncLifetime
{
    private const string Program = "/usr/sbin/nginx";

    private const string Well =
        """
        client_max_body_size 65m;
        location / {
            proxy_pass http://127.0.0.1:{server};
            proxy_http_version 1.1;
            proxy_request_buffering off;
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection "upgrade";
        }
        """;

    private readonly ScratchFolder _folder = new();
    private readonly Dictionary<string, int> _ports = [];
    private App? _app;
    private Process? _nginx;

    internal App App => _app!;

    /// <summary>What PUBLIC_URL would be.</summary>
    internal string Through(string way) => string.Create(CultureInfo.InvariantCulture, $"{(way == "tls" ? "https" : "http")}://127.0.0.1:{_ports[way]}");

    internal static void AreNeeded() => Assert.SkipUnless(File.Exists(Program), "nginx is not installed");

    public async ValueTask InitializeAsync()
    {
        if (TestDatabase.Missing is not null || !File.Exists(Program))
            return;
        _app = await App.StartAsync("--TRUSTED_PROXIES=127.0.0.1");
        WriteCertificate();
        foreach (var way in Ways.Keys)
            _ports[way] = Ports.Next();
        var conf = Path.Combine(_folder.Path, "nginx.conf");
        await File.WriteAllTextAsync(conf, Configuration());
        _nginx = Process.Start(new ProcessStartInfo(Program, ["-p", _folder.Path, "-e", Path.Combine(_folder.Path, "error.log"), "-c", conf]))!;
        await AnswersAsync(_ports["well"]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_nginx is not null)
        {
            _nginx.Kill();
            await _nginx.WaitForExitAsync();
            _nginx.Dispose();
        }

        if (_app is not null)
            await _app.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Each way to be before a server, and what stands in its block.</summary>
    private static readonly Dictionary<string, string> Ways = new()
    {
        ["well"] = Well,

        // As a package leaves it: nothing said but where to.
        ["bare"] = "location / { proxy_pass http://127.0.0.1:{server}; }",
        ["keeping"] = Well.Replace("proxy_request_buffering off;", "", StringComparison.Ordinal),
        ["stranger"] = Well.Replace("proxy_request_buffering off;", "proxy_request_buffering off; proxy_bind 127.0.0.2;", StringComparison.Ordinal),
        ["tls"] = "ssl_certificate cert.pem; ssl_certificate_key key.pem;" + Well.Replace("proxy_set_header X-Forwarded-Proto $scheme;", "", StringComparison.Ordinal),
        ["elsewhere"] = "location / { return 200 hello; }",
    };

    private string Configuration()
    {
        var blocks = Ways.Select(way => string.Create(
            CultureInfo.InvariantCulture,
            $"server {{ listen 127.0.0.1:{_ports[way.Key]}{(way.Key == "tls" ? " ssl" : "")}; {way.Value.Replace("{server}", App.Address.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)} }}"));
        return $$"""
            daemon off;
            master_process off;
            pid {{_folder.Path}}/pid;
            error_log {{_folder.Path}}/error.log;
            events { }
            http {
                access_log off;
                client_body_temp_path {{_folder.Path}}/body;
                proxy_temp_path {{_folder.Path}}/proxy;
                fastcgi_temp_path {{_folder.Path}}/fastcgi;
                uwsgi_temp_path {{_folder.Path}}/uwsgi;
                scgi_temp_path {{_folder.Path}}/scgi;
                {{string.Join('\n', blocks)}}
            }
            """;
    }

    private void WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=nobody you know", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(30));
        File.WriteAllText(Path.Combine(_folder.Path, "cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder.Path, "key.pem"), key.ExportPkcs8PrivateKeyPem());
    }

    private async Task AnswersAsync(int port)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            try
            {
                using var tcp = new TcpClient();
                await tcp.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException)
            {
                Assert.False(_nginx!.HasExited, "nginx did not start");
                await timer.WaitForNextTickAsync();
            }
        }
    }
}
