using Hypersend.Contracts.Accounts;
using Hypersend.Server.Platform.Auth;

namespace Hypersend.Server.Features.Accounts;

/// <summary>
/// Cookie mode, for browsers: the refresh token in a cookie no script can read, and beside it the one for media. Both
/// are sent by our own pages only.
/// </summary>
internal sealed class SessionCookies(MediaCookies media)
{
    private const string Secure = "__Host-hs_refresh";
    private const string Plain = "hs_refresh";

    public static string? Read(HttpRequest request) =>
        request.Cookies.TryGetValue(NameFor(request), out var token) && token.Length > 0 ? token : null;

    /// <summary>Moves the refresh token out of the answer's body into the cookie.</summary>
    public SignedIn Write(HttpContext context, SignedInSession signedIn)
    {
        var options = Options(context.Request, signedIn.RefreshExpiresAt);
        context.Response.Cookies.Append(NameFor(context.Request), signedIn.RefreshToken, options);
        context.Response.Cookies.Append(MediaCookies.Name, media.For(signedIn.Session), options);
        return signedIn.Answer with { RefreshToken = null };
    }

    public static void Clear(HttpContext context)
    {
        foreach (var name in new[] { NameFor(context.Request), MediaCookies.Name })
        {
            if (context.Request.Cookies.ContainsKey(name))
                context.Response.Cookies.Delete(name, Options(context.Request, null));
        }
    }

    // The prefix makes a browser refuse the cookie unless it is Secure, for this host only and for every path.
    private static string NameFor(HttpRequest request) => request.IsHttps ? Secure : Plain;

    private static CookieOptions Options(HttpRequest request, DateTimeOffset? expires) => new()
    {
        HttpOnly = true,
        Secure = request.IsHttps,
        SameSite = SameSiteMode.Strict,
        Path = "/",
        Expires = expires,
    };
}
