using Hypersend.Contracts;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Push;
using Hypersend.Sdk.Calls;

namespace Hypersend.Sdk.Push;

/// <summary>Devices that are told while they are closed.</summary>
public sealed class PushClient
{
    private readonly ApiCaller _caller;

    internal PushClient(ApiCaller caller) => _caller = caller;

    /// <summary>The server's public key, which the browser's subscription is bound to.</summary>
    [Call("GET", "/api/v1/push/key")]
    public Task<PushKey> GetKeyAsync(CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get("/api/v1/push/key"), HypersendJson.Wire.PushKey, cancellation);

    /// <summary>Tells this session's device while it is closed.</summary>
    [Call("POST", "/api/v1/push/subscriptions")]
    public Task<PushDevice> SubscribeAsync(SubscribeRequest request, CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Post("/api/v1/push/subscriptions").With(request, HypersendJson.Wire.SubscribeRequest), HypersendJson.Wire.PushDevice, cancellation);

    /// <summary>My devices, the newest first.</summary>
    [Call("GET", "/api/v1/push/subscriptions")]
    public Task<Page<PushDevice>> ListAsync(CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get("/api/v1/push/subscriptions"), HypersendJson.Wire.PageOfPushDevices, cancellation);

    /// <summary>Tells that device no more.</summary>
    [Call("DELETE", "/api/v1/push/subscriptions/{id}")]
    public Task UnsubscribeAsync(SubscriptionId id, CancellationToken cancellation = default) =>
        _caller.DoAsync(ApiCall.Delete($"/api/v1/push/subscriptions/{id}"), cancellation);

    /// <summary>Sends a test to all my devices; what came of it stands in their list.</summary>
    [Call("POST", "/api/v1/push/test")]
    public Task<PushTest> TestAsync(CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Post("/api/v1/push/test"), HypersendJson.Wire.PushTest, cancellation);
}
