namespace Hypersend.Server.Platform.WebApp;

/// <summary>Serves the web app at the root, for every path that no endpoint wants.</summary>
internal static class WebAppSetup
{
    /// <summary>First segments that are the server's: a wrong address below them is a 404 and never a page.</summary>
    private static readonly string[] Reserved =
        ["/api", "/ws", "/health", "/metrics", "/docs", "/redoc", "/openapi.json", "/assets", "/s"];

    public static IServiceCollection AddWebApp(this IServiceCollection services) =>
        services.AddSingleton(_ => WebAssets.ReadFrom(typeof(WebAppSetup).Assembly));

    /// <summary>A middleware rather than a route: a catch-all route would turn every unknown POST into 405.</summary>
    public static void MapWebApp(this WebApplication app)
    {
        var assets = app.Services.GetRequiredService<WebAssets>();
        app.Use((context, next) =>
            Answer(context, assets) is { } asset ? asset.WriteAsync(context) : next(context));
    }

    private static WebAsset? Answer(HttpContext context, WebAssets assets)
    {
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)) return null;
        // Fallback routes sort last; they mean that nothing else wanted this path.
        if (context.GetEndpoint() is not (null or RouteEndpoint { Order: int.MaxValue })) return null;

        var path = request.Path.Value ?? "/";
        if (path is "/" or "/index.html") return assets.Page;
        return assets.Find(path) ?? (IsNavigation(request) ? assets.Page : null);
    }

    /// <summary>A person (or curl, which says neither) opening an address such as <c>/account/devices</c>, rather than a script asking for a file that is missing.</summary>
    private static bool IsNavigation(HttpRequest request) =>
        !Array.Exists(Reserved, prefix => request.Path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase))
        && !Path.HasExtension(request.Path.Value)
        && request.GetTypedHeaders().Accept.Any(type => type.MediaType == "text/html"
            || (type.MediaType == "*/*" && !request.Headers.ContainsKey("Sec-Fetch-Dest")));
}
