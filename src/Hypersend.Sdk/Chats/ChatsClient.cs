using Hypersend.Contracts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Sdk.Calls;

namespace Hypersend.Sdk.Chats;

/// <summary>Conversations of every kind: who is in them, and what I keep of them for myself.</summary>
public sealed partial class ChatsClient
{
    private readonly ApiCaller _caller;

    internal ChatsClient(ApiCaller caller) => _caller = caller;

    /// <summary>Opens a chat. A direct chat with the same person, and my saved messages, are the ones that are there already.</summary>
    [Call("POST", "/api/v1/chats")]
    public Task<Chat> CreateAsync(CreateChatRequest request, CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Post("/api/v1/chats").With(request, HypersendJson.Wire.CreateChatRequest), HypersendJson.Wire.Chat, cancellation);

    /// <summary>My chats with what waits for me there, the newest activity first.</summary>
    [Call("GET", "/api/v1/chats")]
    public Task<Page<ChatSummary>> ListAsync(string? cursor = null, int? limit = null, CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get(Query.Page("/api/v1/chats", cursor, limit)), HypersendJson.Wire.PageOfSummaries, cancellation);

    /// <summary>One chat, as I see it.</summary>
    [Call("GET", "/api/v1/chats/{id}")]
    public Task<Chat> GetAsync(ChatId id, CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get($"/api/v1/chats/{id}"), HypersendJson.Wire.Chat, cancellation);

    /// <summary>Changes its name, description, visibility or permissions; absent fields stay.</summary>
    [Call("PUT", "/api/v1/chats/{id}")]
    public Task<Chat> UpdateAsync(ChatId id, UpdateChatRequest request, CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Put($"/api/v1/chats/{id}").With(request, HypersendJson.Wire.UpdateChatRequest), HypersendJson.Wire.Chat, cancellation);

    /// <summary>Deletes a chat for everybody.</summary>
    [Call("DELETE", "/api/v1/chats/{id}")]
    public Task DeleteAsync(ChatId id, CancellationToken cancellation = default) =>
        _caller.DoAsync(ApiCall.Delete($"/api/v1/chats/{id}"), cancellation);

    /// <summary>Rooms and public channels that anybody may join, by their names.</summary>
    [Call("GET", "/api/v1/chats/discover")]
    public Task<Page<Chat>> DiscoverAsync(string? text = null, string? cursor = null, int? limit = null, CancellationToken cancellation = default) =>
        _caller.AskAsync(
            ApiCall.Get(Query.Page(Query.Of("/api/v1/chats/discover", ("q", text)), cursor, limit)), HypersendJson.Wire.PageOfChats, cancellation);

    /// <summary>Moves my read mark forward to this message; it never goes back.</summary>
    [Call("POST", "/api/v1/chats/{id}/read")]
    public Task<ReadMark> MarkReadAsync(ChatId id, long seq, CancellationToken cancellation = default) =>
        _caller.AskAsync(
            ApiCall.Post($"/api/v1/chats/{id}/read").With(new MarkReadRequest { Seq = seq }, HypersendJson.Wire.MarkReadRequest),
            HypersendJson.Wire.ReadMark,
            cancellation);

    /// <summary>Changes what I keep of a chat for myself: muted, pinned, archived, the draft; absent fields stay.</summary>
    [Call("PUT", "/api/v1/chats/{id}/settings")]
    public Task<ChatSettings> UpdateSettingsAsync(ChatId id, ChatSettingsRequest request, CancellationToken cancellation = default) =>
        _caller.AskAsync(
            ApiCall.Put($"/api/v1/chats/{id}/settings").With(request, HypersendJson.Wire.ChatSettingsRequest), HypersendJson.Wire.ChatSettings, cancellation);
}
