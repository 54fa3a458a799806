using Hypersend.Contracts;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Sdk.Calls;

namespace Hypersend.Sdk.Messages;

public sealed partial class MessagesClient
{
    /// <summary>Puts one emoji of mine on a message; twice is no error.</summary>
    [Call("POST", "/api/v1/messages/{id}/react")]
    public Task<Message> ReactAsync(MessageId id, string emoji, CancellationToken cancellation = default) =>
        _caller.AskAsync(
            ApiCall.Post($"/api/v1/messages/{id}/react").With(new ReactRequest { Emoji = emoji }, HypersendJson.Wire.ReactRequest),
            HypersendJson.Wire.Message,
            cancellation);

    /// <summary>Takes my emoji off; twice is no error.</summary>
    [Call("DELETE", "/api/v1/messages/{id}/react/{emoji}")]
    public Task UnreactAsync(MessageId id, string emoji, CancellationToken cancellation = default) =>
        _caller.DoAsync(ApiCall.Delete($"/api/v1/messages/{id}/react/{Uri.EscapeDataString(emoji)}"), cancellation);

    /// <summary>Shows no preview of its link any more.</summary>
    [Call("DELETE", "/api/v1/messages/{id}/preview")]
    public Task RemovePreviewAsync(MessageId id, CancellationToken cancellation = default) =>
        _caller.DoAsync(ApiCall.Delete($"/api/v1/messages/{id}/preview"), cancellation);

    /// <summary>The picture of a preview, by the last part of its address.</summary>
    [Call("GET", "/api/v1/previews/{id}")]
    public async Task<byte[]> GetPreviewImageAsync(string id, CancellationToken cancellation = default)
    {
        using var answer = await _caller.SendAsync(ApiCall.Get($"/api/v1/previews/{Uri.EscapeDataString(id)}"), cancellation);
        return await answer.Content.ReadAsByteArrayAsync(cancellation);
    }

    /// <summary>Puts a message on its chat's board.</summary>
    [Call("POST", "/api/v1/messages/{id}/pin")]
    public Task<Message> PinAsync(MessageId id, CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Post($"/api/v1/messages/{id}/pin"), HypersendJson.Wire.Message, cancellation);

    /// <summary>Takes it off the board.</summary>
    [Call("DELETE", "/api/v1/messages/{id}/pin")]
    public Task UnpinAsync(MessageId id, CancellationToken cancellation = default) =>
        _caller.DoAsync(ApiCall.Delete($"/api/v1/messages/{id}/pin"), cancellation);

    /// <summary>What is on a chat's board, the newest message first.</summary>
    [Call("GET", "/api/v1/chats/{id}/pins")]
    public Task<Page<Message>> ListPinsAsync(ChatId chat, string? cursor = null, int? limit = null, CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get(Query.Page($"/api/v1/chats/{chat}/pins", cursor, limit)), HypersendJson.Wire.PageOfMessages, cancellation);

    /// <summary>Keeps a message among my bookmarks; nobody else learns of it.</summary>
    [Call("POST", "/api/v1/messages/{id}/bookmark")]
    public Task BookmarkAsync(MessageId id, CancellationToken cancellation = default) =>
        _caller.DoAsync(ApiCall.Post($"/api/v1/messages/{id}/bookmark"), cancellation);

    /// <summary>Takes it out of my bookmarks.</summary>
    [Call("DELETE", "/api/v1/messages/{id}/bookmark")]
    public Task UnbookmarkAsync(MessageId id, CancellationToken cancellation = default) =>
        _caller.DoAsync(ApiCall.Delete($"/api/v1/messages/{id}/bookmark"), cancellation);

    /// <summary>My bookmarks, the last one made first.</summary>
    [Call("GET", "/api/v1/bookmarks")]
    public Task<Page<Message>> ListBookmarksAsync(string? cursor = null, int? limit = null, CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get(Query.Page("/api/v1/bookmarks", cursor, limit)), HypersendJson.Wire.PageOfMessages, cancellation);
}
