using System.Globalization;

namespace Hypersend.Server.Start.Verbs.Check;

/// <summary>Reads <c>turn:host:port?transport=udp</c> and its three sisters (RFC 7064, RFC 7065).</summary>
internal sealed record StunUrl(string Host, int Port, bool Tcp, bool Tls)
{
    private const int UsualPort = 3478;
    private const int UsualTlsPort = 5349;

    public static StunUrl? Parse(string text)
    {
        var (scheme, rest) = text.Split(':', 2) is [var first, var second] ? (first.ToLowerInvariant(), second) : ("", "");
        var tls = scheme is "stuns" or "turns";
        if (scheme is not ("stun" or "stuns" or "turn" or "turns"))
            return null;
        var (place, query) = rest.Split('?', 2) is [var left, var right] ? (left, right) : (rest, "");
        if (!Uri.TryCreate("stun://" + place, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
            return null;
        var port = uri.Port > 0 ? uri.Port : tls ? UsualTlsPort : UsualPort;
        return new StunUrl(uri.IdnHost.Trim('[', ']'), port, tls || query.Equals("transport=tcp", StringComparison.OrdinalIgnoreCase), tls);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port} by {(Tls ? "TLS" : Tcp ? "TCP" : "UDP")}");
}
