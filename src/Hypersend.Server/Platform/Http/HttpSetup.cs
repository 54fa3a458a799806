using Hypersend.Server.Platform.Settings;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Hypersend.Server.Platform.Http;

/// <summary>How requests reach the routes: size limits, proxies that are believed, origins that may call.</summary>
internal static class HttpSetup
{
    public const long MaxBodyBytes = 1024 * 1024;

    // What scripts of other origins may read; the second line is for clients of tus.
    private static readonly string[] Exposed =
    [
        "Retry-After", RequestIds.Header, "ETag", "Accept-Ranges", "Content-Range", "Content-Disposition", "Repr-Digest",
        "Location", "Tus-Resumable", "Tus-Version", "Tus-Extension", "Tus-Max-Size", "Tus-Checksum-Algorithm", "Upload-Offset", "Upload-Length",
        "Upload-Defer-Length", "Upload-Metadata", "Upload-Concat", "Upload-Expires", "Hypersend-File-Id", "Hypersend-Upload-Token",
    ];

    public static void AddHttp(this IServiceCollection services, ServerOptions options)
    {
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;

            // What is read ahead of a body on each connection: a thousand that come faster than the disk takes them hold so much each.
            kestrel.Limits.MaxRequestBufferSize = 384 * 1024;

            // A search may have 2,000 characters, and each of them twelve in an address.
            kestrel.Limits.MaxRequestLineSize = 32 * 1024;
            kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(130);
        });
        services.AddSingleton<IMemoryPoolFactory<byte>, BlockPools>();
        services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            forwarded.ForwardLimit = null;
            foreach (var network in options.TrustedProxies)
                forwarded.KnownIPNetworks.Add(network);
        });
        services.AddCors(cors => cors.AddDefaultPolicy(policy =>
        {
            if (options.CorsOrigins.Contains("*"))
                policy.AllowAnyOrigin();
            else
                policy.WithOrigins([.. options.CorsOrigins]).AllowCredentials();
            policy.AllowAnyHeader().AllowAnyMethod().WithExposedHeaders([.. Exposed]).SetPreflightMaxAge(TimeSpan.FromHours(1));
        }));
    }

    public static void UseHttp(this WebApplication app, ServerOptions options)
    {
        app.UseRequestIds();
        RememberForwarding(app);
        if (options.TrustedProxies.Count > 0)
            app.UseForwardedHeaders();
        app.UseSecurityHeaders(options);
    }

    /// <summary>Whether somebody stands between the caller and us, whoever they claim to be.</summary>
    public static bool WasForwarded(HttpContext context) => context.Items.ContainsKey(ForwardedKey);

    private const string ForwardedKey = "forwarded";

    private static readonly HashSet<string> ProxyHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Forwarded", "Via", "X-Real-IP", "X-Client-IP", "X-Cluster-Client-IP", "True-Client-IP", "CF-Connecting-IP", "Fastly-Client-IP",
    };

    // Seen before the headers are used up: "from this very machine" must not be said of what a proxy on it passes on.
    private static void RememberForwarding(WebApplication app) => app.Use((context, next) =>
    {
        if (context.Request.Headers.Keys.Any(name => ProxyHeaders.Contains(name) || name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)))
            context.Items[ForwardedKey] = true;
        return next(context);
    });
}
