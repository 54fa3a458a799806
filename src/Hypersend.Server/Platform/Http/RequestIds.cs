using System.Buffers;

namespace Hypersend.Server.Platform.Http;

/// <summary>Every answer and every log line of a request carries one id; a caller may bring its own.</summary>
internal static partial class RequestIds
{
    public const string Header = "X-Request-Id";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.");

    public static void UseRequestIds(this WebApplication app)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Hypersend.Requests");
        var clock = app.Services.GetRequiredService<TimeProvider>();
        app.Use(async (context, next) =>
        {
            var brought = context.Request.Headers[Header].ToString();
            context.TraceIdentifier = brought.Length is >= 8 and <= 64 && !brought.AsSpan().ContainsAnyExcept(Allowed)
                ? brought
                : Guid.CreateVersion7(clock.GetUtcNow()).ToString("N");
            Write(context);
            if (!log.IsEnabled(LogLevel.Debug))
            {
                await next(context);
                return;
            }

            var started = clock.GetTimestamp();
            await next(context);

            // The route's template, never the path or the query: those hold ids, names and tokens.
            var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)";
            Answered(log, context.TraceIdentifier, context.Request.Method, route, context.Response.StatusCode, clock.GetElapsedTime(started).TotalMilliseconds);
        });
    }

    public static void Write(HttpContext context) => context.Response.Headers[Header] = context.TraceIdentifier;

    [LoggerMessage(20, LogLevel.Debug, "Request {TraceId} {Method} {Route} was answered with {Status} in {Milliseconds:0.0} ms")]
    private static partial void Answered(ILogger log, string traceId, string method, string route, int status, double milliseconds);
}
