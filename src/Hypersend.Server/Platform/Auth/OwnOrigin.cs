using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Platform.Auth;

/// <summary>
/// Whether a request that a cookie carries comes from our own pages: a browser says so itself, in a header no page can
/// forge. Nothing said is not enough.
/// </summary>
internal sealed class OwnOrigin(ServerOptions options)
{
    public bool Sent(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0)
            return site == "same-origin";
        return Matches(request, request.Headers.Origin.ToString());
    }

    /// <summary>Whether this origin is ours or on the list of those who may call.</summary>
    public bool Matches(HttpRequest request, string origin) =>
        origin.Length > 0 &&
        (Same(origin, $"{request.Scheme}://{request.Host}") ||
         Same(origin, options.PublicUrl.GetLeftPart(UriPartial.Authority)) ||
         options.CorsOrigins.Any(allowed => Same(origin, allowed)));

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
