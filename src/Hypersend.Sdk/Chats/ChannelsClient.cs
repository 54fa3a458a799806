using Hypersend.Contracts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Sdk.Calls;
using Hypersend.Sdk.Messages;

namespace Hypersend.Sdk.Chats;

/// <summary>Channels: few publish, many read.</summary>
public sealed class ChannelsClient : ChatKindClient
{
    private readonly MessagesClient _messages;

    internal ChannelsClient(ApiCaller caller, MessagesClient messages)
        : base(caller, "channels") => _messages = messages;

    /// <summary>The channels I run or read, the newest activity first.</summary>
    [Call("GET", "/api/v1/channels")]
    public Task<Page<ChatSummary>> ListAsync(string? cursor = null, int? limit = null, CancellationToken cancellation = default) =>
        Caller.AskAsync(ApiCall.Get(Query.Page(Root, cursor, limit)), HypersendJson.Wire.PageOfSummaries, cancellation);

    /// <summary>Reads a public channel from now on.</summary>
    [Call("POST", "/api/v1/channels/{id}/subscribe")]
    public Task<Chat> SubscribeAsync(ChatId id, CancellationToken cancellation = default) =>
        Caller.AskAsync(ApiCall.Post($"{Root}/{id}/subscribe"), HypersendJson.Wire.Chat, cancellation);

    /// <summary>Stops reading it.</summary>
    [Call("DELETE", "/api/v1/channels/{id}/subscribe")]
    public Task UnsubscribeAsync(ChatId id, CancellationToken cancellation = default) =>
        Caller.DoAsync(ApiCall.Delete($"{Root}/{id}/subscribe"), cancellation);

    /// <summary>Publishes in a channel; the chat is the one of the address.</summary>
    [Call("POST", "/api/v1/channels/{id}/publish")]
    public Task<SentMessage> PublishAsync(ChatId id, SendMessageRequest request, CancellationToken cancellation = default) =>
        _messages.SendAsync($"{Root}/{id}/publish", request, cancellation);
}
