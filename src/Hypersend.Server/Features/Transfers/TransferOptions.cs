using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Features.Transfers;

/// <summary>Servers that help two browsers to a direct line, and where this node is for others that relay.</summary>
internal sealed record TransferOptions
{
    public required IReadOnlyList<string> StunUrls { get; init; }

    public required IReadOnlyList<string> TurnUrls { get; init; }

    /// <summary>Shared with the TURN server (static-auth-secret of coturn).</summary>
    public required string? TurnSecret { get; init; }

    /// <summary>Where other nodes reach this one; null when there are none, or none that are told.</summary>
    public required string? NodeUrl { get; init; }

    public static TransferOptions From(SettingsReader settings)
    {
        var options = new TransferOptions
        {
            StunUrls = UrlsOf(settings, "STUN_URLS", settings.List("STUN_URLS"), "stun", "stun:stun.example.org:3478"),
            TurnUrls = UrlsOf(settings, "TURN_URLS", settings.List("TURN_URLS"), "turn", "turn:turn.example.org:3478?transport=udp"),
            TurnSecret = settings.Text("TURN_SECRET"),
            NodeUrl = NodeUrlOf(settings),
        };
        if (options.TurnUrls.Count > 0 && options.TurnSecret is null)
            settings.Refuse("TURN_URLS is set and TURN_SECRET is not: it is what the TURN server calls static-auth-secret.");
        return options;
    }

    private static string? NodeUrlOf(SettingsReader settings)
    {
        var url = settings.Parsed(
            "NODE_URL",
            "",
            text => Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "http" or "https", AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" } ? url.GetLeftPart(UriPartial.Authority) : null,
            "an http or https address of this node alone, without a path",
            "http://10.0.0.11:8000");

        // A database in a file has one node: nobody else could be led here.
        return url.Length > 0 && settings.Text("DATABASE_URL")?.StartsWith("postgres", StringComparison.OrdinalIgnoreCase) == true ? url : null;
    }

    private static IReadOnlyList<string> UrlsOf(SettingsReader settings, string name, IReadOnlyList<string> urls, string scheme, string example)
    {
        foreach (var url in urls)
        {
            if (!url.StartsWith(scheme + ":", StringComparison.OrdinalIgnoreCase) && !url.StartsWith(scheme + "s:", StringComparison.OrdinalIgnoreCase))
                settings.Refuse(name, url, $"a list of {scheme}: or {scheme}s: addresses", example);
        }

        return urls;
    }
}
