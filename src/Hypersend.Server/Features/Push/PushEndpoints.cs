using Hypersend.Contracts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Push;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hypersend.Server.Features.Push;

/// <summary>/push: the devices that are told while they are closed.</summary>
internal static class PushEndpoints
{
    public static void MapPush(this IEndpointRouteBuilder api)
    {
        var push = api.MapGroup("/push").WithTags("Push").RequireAuthorization().LimitedBy(RateLimitTable.Push);
        push.MapGet("/key", GetKey).WithSummary("The key that a browser binds its subscription to");
        push.MapGet("/subscriptions", List).WithSummary("My devices that are told while they are closed");
        push.MapPost("/subscriptions", Subscribe).WithSummary("Tell this device while it is closed");
        push.MapDelete("/subscriptions/{id}", Unsubscribe).WithSummary("Tell that device no more");
        push.MapPost("/test", Test).WithSummary("Send a test to all my devices");
    }

    private static Ok<PushKey> GetKey(VapidKey key) => TypedResults.Ok(new PushKey { PublicKey = key.PublicKey });

    private static async Task<Ok<Page<PushDevice>>> List(Caller caller, IPushStore store, TimeProvider clock, CancellationToken cancellation) =>
        TypedResults.Ok(new Page<PushDevice>
        {
            Items = [.. (await store.ListAsync(caller.UserId, clock.GetUtcNow(), cancellation)).Select(row => SubscribeDevice.Present(row, caller))],
        });

    private static async Task<Results<Created<PushDevice>, Problem>> Subscribe(
        Caller caller, SubscribeRequest request, SubscribeDevice subscribe, CancellationToken cancellation) =>
        (await subscribe.HandleAsync(caller, request, cancellation)).Succeeded(out var row, out var failure)
            ? TypedResults.Created((string?)null, SubscribeDevice.Present(row, caller))
            : new Problem(failure);

    private static async Task<Results<NoContent, Problem>> Unsubscribe(Caller caller, SubscriptionId id, IPushStore store, CancellationToken cancellation) =>
        await store.DeleteAsync(caller.UserId, id, cancellation) ? TypedResults.NoContent() : new Problem(new Failure(ErrorCodes.NotFound));

    private static async Task<Accepted<PushTest>> Test(Caller caller, TellDevices tell, CancellationToken cancellation) =>
        TypedResults.Accepted((string?)null, new PushTest { Devices = await tell.OfTestAsync(caller.UserId, cancellation) });
}
