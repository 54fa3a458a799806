using Hypersend.Contracts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Sdk.Calls;

namespace Hypersend.Sdk.Chats;

/// <summary>Chats of one kind, under the kind's own address; a chat of another kind is not there.</summary>
public abstract class ChatKindClient
{
    private protected ChatKindClient(ApiCaller caller, string kind) => (Caller, Root) = (caller, "/api/v1/" + kind);

    private protected ApiCaller Caller { get; }

    private protected string Root { get; }

    /// <summary>Makes one.</summary>
    [Call("POST", "/api/v1/groups")]
    [Call("POST", "/api/v1/channels")]
    [Call("POST", "/api/v1/rooms")]
    public Task<Chat> CreateAsync(CreateChatRequest request, CancellationToken cancellation = default) =>
        Caller.AskAsync(ApiCall.Post(Root).With(request, HypersendJson.Wire.CreateChatRequest), HypersendJson.Wire.Chat, cancellation);

    /// <summary>One of them, as I see it.</summary>
    [Call("GET", "/api/v1/groups/{id}")]
    [Call("GET", "/api/v1/channels/{id}")]
    [Call("GET", "/api/v1/rooms/{id}")]
    public Task<Chat> GetAsync(ChatId id, CancellationToken cancellation = default) =>
        Caller.AskAsync(ApiCall.Get($"{Root}/{id}"), HypersendJson.Wire.Chat, cancellation);

    /// <summary>Changes its name, description, visibility or permissions; absent fields stay.</summary>
    [Call("PUT", "/api/v1/groups/{id}")]
    [Call("PUT", "/api/v1/channels/{id}")]
    [Call("PUT", "/api/v1/rooms/{id}")]
    public Task<Chat> UpdateAsync(ChatId id, UpdateChatRequest request, CancellationToken cancellation = default) =>
        Caller.AskAsync(ApiCall.Put($"{Root}/{id}").With(request, HypersendJson.Wire.UpdateChatRequest), HypersendJson.Wire.Chat, cancellation);

    /// <summary>Ends it for everybody.</summary>
    [Call("DELETE", "/api/v1/groups/{id}")]
    [Call("DELETE", "/api/v1/channels/{id}")]
    [Call("DELETE", "/api/v1/rooms/{id}")]
    public Task DeleteAsync(ChatId id, CancellationToken cancellation = default) => Caller.DoAsync(ApiCall.Delete($"{Root}/{id}"), cancellation);

    /// <summary>Leaves it.</summary>
    [Call("POST", "/api/v1/groups/{id}/leave")]
    [Call("POST", "/api/v1/channels/{id}/leave")]
    [Call("POST", "/api/v1/rooms/{id}/leave")]
    public Task LeaveAsync(ChatId id, CancellationToken cancellation = default) => Caller.DoAsync(ApiCall.Post($"{Root}/{id}/leave"), cancellation);

    /// <summary>Who is in it.</summary>
    [Call("GET", "/api/v1/groups/{id}/members")]
    [Call("GET", "/api/v1/channels/{id}/members")]
    [Call("GET", "/api/v1/rooms/{id}/members")]
    public Task<Page<ChatMember>> ListMembersAsync(ChatId id, string? cursor = null, int? limit = null, CancellationToken cancellation = default) =>
        Caller.AskAsync(ApiCall.Get(Query.Page($"{Root}/{id}/members", cursor, limit)), HypersendJson.Wire.PageOfMembers, cancellation);

    /// <summary>Brings people in.</summary>
    [Call("POST", "/api/v1/groups/{id}/members")]
    [Call("POST", "/api/v1/channels/{id}/members")]
    [Call("POST", "/api/v1/rooms/{id}/members")]
    public Task<Page<ChatMember>> AddMembersAsync(ChatId id, IReadOnlyList<UserId> users, CancellationToken cancellation = default) =>
        Caller.AskAsync(
            ApiCall.Post($"{Root}/{id}/members").With(new AddMembersRequest { UserIds = users }, HypersendJson.Wire.AddMembersRequest),
            HypersendJson.Wire.PageOfMembers,
            cancellation);

    /// <summary>Gives a member another role.</summary>
    [Call("PUT", "/api/v1/groups/{id}/members/{user_id}")]
    [Call("PUT", "/api/v1/channels/{id}/members/{user_id}")]
    [Call("PUT", "/api/v1/rooms/{id}/members/{user_id}")]
    public Task<ChatMember> ChangeRoleAsync(ChatId id, UserId user, string role, CancellationToken cancellation = default) =>
        Caller.AskAsync(
            ApiCall.Put($"{Root}/{id}/members/{user}").With(new ChangeRoleRequest { Role = role }, HypersendJson.Wire.ChangeRoleRequest),
            HypersendJson.Wire.ChatMember,
            cancellation);

    /// <summary>Takes a member out.</summary>
    [Call("DELETE", "/api/v1/groups/{id}/members/{user_id}")]
    [Call("DELETE", "/api/v1/channels/{id}/members/{user_id}")]
    [Call("DELETE", "/api/v1/rooms/{id}/members/{user_id}")]
    public Task RemoveMemberAsync(ChatId id, UserId user, CancellationToken cancellation = default) =>
        Caller.DoAsync(ApiCall.Delete($"{Root}/{id}/members/{user}"), cancellation);
}
