using Hypersend.Contracts.Errors;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Files;

/// <summary>What all answers with somebody's bytes have in common: nothing in them can run, and caches ask us first.</summary>
internal static class DownloadHeaders
{
    /// <summary>So many digits of a hash in the address name the bytes well enough to keep them.</summary>
    private const int NamingDigits = 16;

    public static Failure TooMany { get; } = new(ErrorCodes.TooManyDownloads) { RetryAfter = TimeSpan.FromSeconds(5) };

    /// <param name="context">Its <c>v</c> may name the bytes.</param>
    /// <param name="hash">Of these bytes; null when they have no name that stays.</param>
    public static void Write(HttpContext context, string? hash)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "sandbox; default-src 'none'";

        // A proxy that takes whole files for its client makes them look delivered, and writes 40 GB to its own disk.
        headers["X-Accel-Buffering"] = "no";

        // Only the address that names these very bytes may be kept for ever.
        headers.CacheControl = hash is not null && context.Request.Query["v"].ToString() is { Length: >= NamingDigits } named && hash.StartsWith(named, StringComparison.Ordinal)
            ? "private, max-age=31536000, immutable"
            : "private, no-cache";
    }

    /// <summary>The answers that are problems.</summary>
    public static Failure? Refuse(HttpContext context, ByteAnswer answer)
    {
        switch (answer.Status)
        {
            case StatusCodes.Status412PreconditionFailed:
                return new Failure(ErrorCodes.PreconditionFailed);
            case StatusCodes.Status416RangeNotSatisfiable:
                context.Response.Headers.ContentRange = ByteRanges.Unsatisfied(answer.What.Size);
                return new Failure(ErrorCodes.RangeNotSatisfiable);
            default:
                return null;
        }
    }
}
