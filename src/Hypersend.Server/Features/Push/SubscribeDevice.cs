using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Push;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Outbound;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Push;

/// <summary>Keeps what a browser's subscription says, for the session that brings it.</summary>
internal sealed class SubscribeDevice(IPushStore store, OutboundClient http, PushWatch watch, TimeProvider clock)
{
    /// <summary>Devices of one person.</summary>
    private const int MostOfOne = 20;

    public async Task<Result<SubscriptionRow>> HandleAsync(Caller caller, SubscribeRequest request, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(request.Endpoint, UriKind.Absolute, out var endpoint) || endpoint.AbsoluteUri.Length > 2000 || !http.MayAskSecurely(endpoint))
            return Failure.OfField(ErrorCodes.ValidationFailed, "endpoint", "must be an https address on the open internet, as the browser gave it");
        if (SubscriptionKeys.Read(request.Keys!.P256dh!, request.Keys.Auth!) is not { } keys)
            return Failure.OfField(ErrorCodes.ValidationFailed, "keys", "must be a point of P-256 and 16 bytes, in base64url, as the browser gave them");
        var now = clock.GetUtcNow();
        var id = new SubscriptionId(Guid.CreateVersion7(now));
        var row = await store.AddAsync(new NewSubscription(id, caller.UserId, caller.SessionId, endpoint.AbsoluteUri, keys), MostOfOne, now, cancellation);
        watch.DeviceCame();
        return row;
    }

    public static PushDevice Present(SubscriptionRow row, Caller caller) => new()
    {
        Id = row.Id,
        SessionId = row.SessionId,
        Current = row.SessionId == caller.SessionId,
        Service = new Uri(row.Endpoint).Host,
        CreatedAt = row.CreatedAt,
        ReachedAt = row.ReachedAt,
        FailedAt = row.FailedAt,
        Failure = row.Failure,
    };
}
