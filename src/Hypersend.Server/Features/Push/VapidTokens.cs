using System.Collections.Concurrent;
using System.Text;
using System.Text.Encodings.Web;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Features.Push;

/// <summary>The Authorization header for a push service: one signed token for each of them, used for hours.</summary>
internal sealed class VapidTokens(VapidKey key, PushOptions options, TimeProvider clock)
{
    private const int MostKept = 1_000;

    // Push services take at most 24 hours, by their own clock.
    private static readonly TimeSpan GoodFor = TimeSpan.FromHours(12);
    private static readonly TimeSpan UsedFor = TimeSpan.FromHours(6);

    private static readonly string Head = StrictBase64Url.Encode("""{"typ":"JWT","alg":"ES256"}"""u8);

    private readonly ConcurrentDictionary<string, (string Header, DateTimeOffset Until)> _kept = new(StringComparer.Ordinal);

    public string HeaderFor(Uri endpoint)
    {
        var origin = endpoint.GetLeftPart(UriPartial.Authority);
        var now = clock.GetUtcNow();
        if (_kept.TryGetValue(origin, out var kept) && kept.Until > now)
            return kept.Header;

        // Few push services exist. More than this many is somebody's game, and costs a signature each.
        if (_kept.Count >= MostKept)
            _kept.Clear();
        var header = Make(origin, now + GoodFor);
        _kept[origin] = (header, now + UsedFor);
        return header;
    }

    private string Make(string origin, DateTimeOffset expiry)
    {
        var claims = $$"""{"aud":{{Quote(origin)}},"exp":{{expiry.ToUnixTimeSeconds()}},"sub":{{Quote(options.Contact)}}}""";
        var signed = Head + "." + StrictBase64Url.Encode(Encoding.UTF8.GetBytes(claims));
        return $"vapid t={signed}.{StrictBase64Url.Encode(key.Sign(Encoding.ASCII.GetBytes(signed)))}, k={key.PublicKey}";
    }

    private static string Quote(string text) => "\"" + JavaScriptEncoder.Default.Encode(text) + "\"";
}
