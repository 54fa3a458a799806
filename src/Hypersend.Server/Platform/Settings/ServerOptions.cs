using System.Net;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Platform.Settings;

/// <summary>What the whole process needs to know: where it keeps things, how the world sees it, how strict it is.</summary>
internal sealed record ServerOptions
{
    public required string DataRoot { get; init; }

    /// <summary>Where people reach this server; every link in mails and shares starts with it.</summary>
    public required Uri PublicUrl { get; init; }

    /// <summary>Somebody said so; otherwise it is only the address we listen on.</summary>
    public required bool HasPublicUrl { get; init; }

    public required bool Debug { get; init; }

    public required bool RateLimitsOn { get; init; }

    public required IReadOnlyList<string> CorsOrigins { get; init; }

    public required IReadOnlyList<IPNetwork> TrustedProxies { get; init; }

    public required bool HttpsSelf { get; init; }

    public required string? MetricsToken { get; init; }

    public required Uri? OtlpEndpoint { get; init; }

    public required string BrandName { get; init; }

    public required string BrandColor { get; init; }

    public static ServerOptions From(SettingsReader settings, string listeningUrl)
    {
        var debug = settings.Switch("DEBUG", false);
        return new ServerOptions
        {
            DataRoot = Path.GetFullPath(settings.Text("DATA_ROOT", "data")),
            PublicUrl = ReadPublicUrl(settings, listeningUrl),
            HasPublicUrl = settings.Text("PUBLIC_URL") is not null || settings.Text("DOMAIN") is not null and not ("localhost" or "127.0.0.1"),
            Debug = debug,
            RateLimitsOn = settings.Switch("RATE_LIMITS", true),
            CorsOrigins = ReadOrigins(settings, debug),
            TrustedProxies = ReadProxies(settings),
            HttpsSelf = settings.Choice("HTTPS", "off", "off", "self") == "self",
            MetricsToken = settings.Text("METRICS_TOKEN"),
            OtlpEndpoint = settings.Text("OTLP_ENDPOINT") is { } otlp ? ReadHttp(settings, "OTLP_ENDPOINT", otlp) : null,
            BrandName = settings.Text("BRAND_NAME", "Hypersend"),
            BrandColor = settings.Parsed("BRAND_COLOR", "#3355cc", text => HexColor.Is(text) ? text : null, "a colour as #rrggbb", "#3355cc"),
        };
    }

    private static Uri ReadPublicUrl(SettingsReader settings, string listeningUrl)
    {
        if (settings.Text("PUBLIC_URL") is { } text)
            return ReadHttp(settings, "PUBLIC_URL", text) ?? new Uri(listeningUrl);
        if (settings.Text("DOMAIN") is { } domain && domain is not ("localhost" or "127.0.0.1"))
        {
            if (Uri.CheckHostName(domain) != UriHostNameType.Unknown)
                return new Uri($"https://{domain}");
            settings.Refuse("DOMAIN", domain, "a host name without scheme or path", "chat.example.org");
        }

        return new Uri(listeningUrl);
    }

    private static Uri? ReadHttp(SettingsReader settings, string name, string text)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Query.Length == 0 && (name != "PUBLIC_URL" || url.AbsolutePath == "/"))
            return url;
        settings.Refuse(name, text, name == "PUBLIC_URL" ? "an http or https address without a path" : "an http or https address", "https://chat.example.org");
        return null;
    }

    private static List<string> ReadOrigins(SettingsReader settings, bool debug)
    {
        var origins = new List<string>();
        foreach (var origin in settings.List("CORS_ORIGINS"))
        {
            if (origin == "*" && !debug)
                settings.Refuse("CORS_ORIGINS", origin, "a list of exact origins; * only together with DEBUG=on", "https://app.example.org");
            else if (origin != "*" && (!Uri.TryCreate(origin, UriKind.Absolute, out var url) || url.GetLeftPart(UriPartial.Authority) != origin.TrimEnd('/')))
                settings.Refuse("CORS_ORIGINS", origin, "a list of exact origins, each a scheme, host and port", "https://app.example.org");
            else
                origins.Add(origin.TrimEnd('/'));
        }

        return origins;
    }

    private static List<IPNetwork> ReadProxies(SettingsReader settings)
    {
        var networks = new List<IPNetwork>();
        foreach (var text in settings.List("TRUSTED_PROXIES"))
        {
            if (IPNetwork.TryParse(text, out var network))
                networks.Add(network);
            else if (IPAddress.TryParse(text, out var address))
                networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            else
                settings.Refuse("TRUSTED_PROXIES", text, "a list of addresses or networks", "127.0.0.1,10.0.0.0/8");
        }

        return networks;
    }
}
