using Hypersend.Contracts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Sdk.Calls;

namespace Hypersend.Sdk.Chats;

/// <summary>Rooms: open to everybody on the server.</summary>
public sealed class RoomsClient : ChatKindClient
{
    internal RoomsClient(ApiCaller caller)
        : base(caller, "rooms")
    {
    }

    /// <summary>All rooms of the server, or those whose names have these words.</summary>
    [Call("GET", "/api/v1/rooms")]
    public Task<Page<Chat>> ListAsync(string? text = null, string? cursor = null, int? limit = null, CancellationToken cancellation = default) =>
        Caller.AskAsync(ApiCall.Get(Query.Page(Query.Of(Root, ("q", text)), cursor, limit)), HypersendJson.Wire.PageOfChats, cancellation);

    /// <summary>Comes into a room.</summary>
    [Call("POST", "/api/v1/rooms/{id}/join")]
    public Task<Chat> JoinAsync(ChatId id, CancellationToken cancellation = default) =>
        Caller.AskAsync(ApiCall.Post($"{Root}/{id}/join"), HypersendJson.Wire.Chat, cancellation);
}
