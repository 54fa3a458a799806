using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Platform.Auth;

/// <summary>
/// Whether a request that a cookie carries comes from our own pages: a browser says so itself, in a header no page can
/// forge. Nothing said is not enough.
/// </summary>
internal sealed class OwnOrigin(ServerOptions options)
{
    public bool Sent(HttpRequest request) => request.Headers["Sec-Fetch-Site"].ToString() switch
    {
        "same-origin" => true,

        // An old browser says nothing; a page of a sister host says same-site, and must be on the list.
        "" or "same-site" => Matches(request, request.Headers.Origin.ToString()),
        _ => false,
    };

    /// <summary>Whether this origin is ours or on the list of those who may call.</summary>
    public bool Matches(HttpRequest request, string origin) =>
        origin.Length > 0 &&
        (Same(origin, $"{request.Scheme}://{request.Host}") ||
         Same(origin, options.PublicUrl.GetLeftPart(UriPartial.Authority)) ||
         options.CorsOrigins.Any(allowed => Same(origin, allowed)));

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
