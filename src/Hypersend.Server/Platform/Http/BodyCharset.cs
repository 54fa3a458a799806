using Hypersend.Contracts.Errors;
using Hypersend.Server.Platform.Problems;
using Microsoft.Net.Http.Headers;

namespace Hypersend.Server.Platform.Http;

/// <summary>
/// JSON here is UTF-8. Another charset, or one nobody knows, would be an exception in the framework's reader, and so would
/// a quoted "utf-8".
/// </summary>
internal static class BodyCharset
{
    public static void UseBodyCharset(this WebApplication app) => app.Use((context, next) =>
    {
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || !type.Charset.HasValue
            || !type.MediaType.EndsWith("json", StringComparison.OrdinalIgnoreCase))
        {
            return next(context);
        }

        if (!type.Charset.Value.AsSpan().Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            return Problem.WriteAsync(context, new Failure(ErrorCodes.UnsupportedMediaType, "JSON is read as UTF-8 only."));
        context.Request.ContentType = type.MediaType.Value;
        return next(context);
    });
}
