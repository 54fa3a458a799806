using Hypersend.Contracts;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Sdk.Calls;

namespace Hypersend.Sdk.Messages;

public sealed partial class MessagesClient
{
    /// <summary>My messages in this chat that wait for their time, and those that could not be sent.</summary>
    [Call("GET", "/api/v1/chats/{id}/scheduled")]
    public Task<Page<ScheduledMessage>> ListScheduledAsync(ChatId chat, CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get($"/api/v1/chats/{chat}/scheduled"), HypersendJson.Wire.PageOfScheduled, cancellation);

    /// <summary>Changes what waits, or its time; absent fields stay.</summary>
    [Call("PUT", "/api/v1/messages/scheduled/{id}")]
    public Task<ScheduledMessage> RescheduleAsync(ScheduledId id, RescheduleRequest request, CancellationToken cancellation = default) =>
        _caller.AskAsync(
            ApiCall.Put($"/api/v1/messages/scheduled/{id}").With(request, HypersendJson.Wire.RescheduleRequest), HypersendJson.Wire.ScheduledMessage, cancellation);

    /// <summary>Takes back what waits.</summary>
    [Call("DELETE", "/api/v1/messages/scheduled/{id}")]
    public Task DeleteScheduledAsync(ScheduledId id, CancellationToken cancellation = default) =>
        _caller.DoAsync(ApiCall.Delete($"/api/v1/messages/scheduled/{id}"), cancellation);
}
