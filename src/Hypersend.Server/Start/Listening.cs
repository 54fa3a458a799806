using System.Net;
using System.Net.Sockets;
using Hypersend.Server.Platform.Settings;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Hypersend.Server.Start;

/// <summary>Where the server listens: --urls or ASPNETCORE_URLS, else http://localhost:8000, and with HTTPS=self port 8443 for the LAN.</summary>
internal sealed record Listening(string Urls, int HttpsPort)
{
    public const int DefaultPort = 8000;

    /// <summary>The first address, as this machine would call it.</summary>
    public string FirstUrl => Urls.Split(';')[0].Replace("0.0.0.0", "localhost", StringComparison.Ordinal)
        .Replace("[::]", "localhost", StringComparison.Ordinal).Replace("//*", "//localhost", StringComparison.Ordinal).Replace("//+", "//localhost", StringComparison.Ordinal);

    public static Listening From(SettingsReader settings)
    {
        var port = settings.Whole("API_PORT", DefaultPort, 0, 65535, "port numbers");
        var urls = settings.Text("urls", $"http://localhost:{port}");
        foreach (var url in urls.Split(';'))
        {
            if (!Uri.TryCreate(url.Replace("//*", "//any", StringComparison.Ordinal).Replace("//+", "//any", StringComparison.Ordinal), UriKind.Absolute, out var parsed)
                || parsed.Scheme is not ("http" or "https"))
            {
                settings.Refuse("urls", url, "http or https addresses separated by semicolons", "http://0.0.0.0:8000");
                return new Listening($"http://localhost:{DefaultPort}", 0);
            }
        }

        return new Listening(urls, settings.Whole("HTTPS_PORT", 8443, 1, 65535, "port numbers"));
    }

    /// <summary>Starts to listen; an address that cannot be had is a sentence, not a stack.</summary>
    public static async Task StartAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            throw new PreparationException(
                $"The server cannot listen: {exception.Message} Stop the program that uses the address, or choose another, for example --urls http://localhost:8001", exception);
        }
    }

    public void Apply(WebApplicationBuilder builder, ServerOptions options, TimeProvider clock)
    {
        if (!options.HttpsSelf)
        {
            builder.WebHost.UseUrls(Urls);
            return;
        }

        // The certificate is for the network; plain http stays for this machine, where browsers trust it.
        var certificate = SelfSignedCertificate.LoadOrMake(options.DataRoot, LanAddresses.Find(), clock);
        builder.WebHost.UseUrls();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            foreach (var url in Urls.Split(';').Select(text => BindingAddress.Parse(text)))
            {
                if (url.Host is "localhost")
                    kestrel.ListenLocalhost(url.Port);
                else if (IPAddress.TryParse(url.Host.Trim('[', ']'), out var address))
                    kestrel.Listen(address, url.Port);
                else
                    kestrel.ListenAnyIP(url.Port);
            }

            kestrel.ListenAnyIP(HttpsPort, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.UseHttps(certificate);
            });
        });
    }
}
