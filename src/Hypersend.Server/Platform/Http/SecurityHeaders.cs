using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Platform.Http;

/// <summary>Headers on every answer: pages run our scripts only, the API is never cached, nothing is guessed or framed.</summary>
internal static class SecurityHeaders
{
    public const string PagePolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; " +
        "connect-src 'self'; font-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; " +
        "frame-ancestors 'none'";

    // Swagger UI and ReDoc write styles and build workers from blobs; they get that on their own pages, and no more.
    private const string DocsPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; " +
        "font-src 'self' data:; worker-src 'self' blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public static void UseSecurityHeaders(this WebApplication app, ServerOptions options) => app.Use((context, next) =>
    {
        Write(context, options);
        return next(context);
    });

    public static void Write(HttpContext context, ServerOptions options)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=(), usb=()";
        headers.XFrameOptions = "DENY";
        var path = context.Request.Path;
        headers.ContentSecurityPolicy = path.StartsWithSegments("/docs") || path.StartsWithSegments("/redoc") ? DocsPolicy : PagePolicy;
        if (path.StartsWithSegments("/api"))
            headers.CacheControl = "no-store";

        // Not with a certificate of our own: a browser would carry the promise over to every port of this host.
        if (context.Request.IsHttps && !options.HttpsSelf)
            headers.StrictTransportSecurity = "max-age=31536000";
    }
}
