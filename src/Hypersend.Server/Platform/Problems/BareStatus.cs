using Hypersend.Contracts.Errors;
using Hypersend.Server.Platform.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Hypersend.Server.Platform.Problems;

/// <summary>What the framework refused by a status alone is told in words, as every other refusal.</summary>
internal static class BareStatus
{
    public static bool IsBare(HttpResponse response) =>
        !response.HasStarted && response.StatusCode >= StatusCodes.Status400BadRequest && response.ContentLength is null && string.IsNullOrEmpty(response.ContentType);

    public static Task WriteAsync(HttpContext context)
    {
        var code = ErrorTable.CodeOf(context.Response.StatusCode);
        return Problem.WriteAsync(context, OfCode(context, code) ?? new Failure(code));
    }

    private static Failure? OfCode(HttpContext context, string code) => code switch
    {
        // A body without an announced length is found too large while it is read.
        ErrorCodes.TooLarge when context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize is { } most => BodyLimits.TooLarge(most),
        ErrorCodes.MalformedRequest => UnreadParameter.Find(context),
        _ => null,
    };
}
