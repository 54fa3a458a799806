using Hypersend.Contracts.Errors;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hypersend.Server.Features.Digests;

/// <summary>The way out of digests, for mail programs and for people, without a sign-in.</summary>
internal static class DigestEndpoints
{
    public static void MapDigests(this IEndpointRouteBuilder api)
    {
        var digests = api.MapGroup("/digests").WithTags("Users").AllowAnonymous().LimitedBy(RateLimitTable.Open);
        digests.MapPost("/unsubscribe", Unsubscribe).WithSummary("No more digests, by the token of one");

        // Who opens the address in a browser chooses in the settings: a GET changes nothing, and link scanners open everything.
        digests.MapGet("/unsubscribe", Open).ExcludeFromDescription();
    }

    private static RedirectHttpResult Open() => TypedResults.Redirect("/settings/notifications");

    private static async Task<Results<NoContent, Problem>> Unsubscribe(string? token, EndDigests end, CancellationToken cancellation) =>
        await end.HandleAsync(token, cancellation) ? TypedResults.NoContent() : new Problem(new Failure(ErrorCodes.NotFound));
}
