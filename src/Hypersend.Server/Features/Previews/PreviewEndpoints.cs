using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;
using Hypersend.Server.Realtime;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hypersend.Server.Features.Previews;

/// <summary>The pictures of previews from our own origin, and how to be rid of a preview.</summary>
internal static class PreviewEndpoints
{
    public static void MapPreviews(this IEndpointRouteBuilder api)
    {
        api.MapGroup("/previews").WithTags("Messages").RequireAuthorization().LimitedBy(RateLimitTable.Messages)
            .MapGet("/{id}", GetImage).WithSummary("The picture of a link's preview").AllowMediaCookie()
            .Produces<Stream>(StatusCodes.Status200OK, "image/png", "image/jpeg", "image/webp", "image/gif");
        api.MapGroup("/messages").WithTags("Messages").RequireAuthorization().LimitedBy(RateLimitTable.Messages)
            .MapDelete("/{id}/preview", Remove).WithSummary("Show no preview of this message's link");
    }

    public static string AddressOf(Guid image) => $"/api/v1/previews/{image:N}";

    private static async Task<Results<FileContentHttpResult, Problem>> GetImage(string id, IPreviewStore store, HttpContext context)
    {
        if (!Guid.TryParse(id, out var key) || await store.FindImageAsync(key, context.RequestAborted) is not { } image)
            return new Problem(new Failure(ErrorCodes.NotFound));
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        headers.CacheControl = "private, max-age=31536000, immutable";
        return TypedResults.Bytes(image.Bytes, image.Mime);
    }

    private static async Task<Results<NoContent, Problem>> Remove(
        Caller caller, MessageId id, IPreviewStore store, ChangePublisher publisher, TimeProvider clock, CancellationToken cancellation)
    {
        if (!(await store.RemoveAsync(caller.UserId, id, clock.GetUtcNow(), cancellation)).Succeeded(out var changed, out var failure))
            return new Problem(failure);
        if (changed.Change is { } change)
            await publisher.PublishAsync(change);
        return TypedResults.NoContent();
    }
}
