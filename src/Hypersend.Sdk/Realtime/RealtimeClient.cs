using Hypersend.Contracts;
using Hypersend.Contracts.Realtime;
using Hypersend.Sdk.Calls;

namespace Hypersend.Sdk.Realtime;

/// <summary>The events of my chats, for networks that let no WebSocket through; else use a <see cref="LiveClient"/>.</summary>
public sealed class RealtimeClient
{
    private readonly ApiCaller _caller;

    internal RealtimeClient(ApiCaller caller) => _caller = caller;

    /// <summary>Waits until something changed since the cursors, or the time is over.</summary>
    [Call("POST", "/api/v1/updates")]
    public Task<UpdatesAnswer> PollAsync(UpdatesRequest request, CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Post("/api/v1/updates").With(request, HypersendJson.Wire.UpdatesRequest), HypersendJson.Wire.UpdatesAnswer, cancellation);
}
