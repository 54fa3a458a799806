using Hypersend.Contracts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Sdk.Calls;

namespace Hypersend.Sdk.Chats;

public sealed partial class ChatsClient
{
    /// <summary>Who is in the chat.</summary>
    [Call("GET", "/api/v1/chats/{id}/members")]
    public Task<Page<ChatMember>> ListMembersAsync(ChatId id, string? cursor = null, int? limit = null, CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get(Query.Page($"/api/v1/chats/{id}/members", cursor, limit)), HypersendJson.Wire.PageOfMembers, cancellation);

    /// <summary>Brings people in; those who are in already stay as they are. Answers with all of them.</summary>
    [Call("POST", "/api/v1/chats/{id}/members")]
    public Task<Page<ChatMember>> AddMembersAsync(ChatId id, IReadOnlyList<UserId> users, CancellationToken cancellation = default) =>
        _caller.AskAsync(
            ApiCall.Post($"/api/v1/chats/{id}/members").With(new AddMembersRequest { UserIds = users }, HypersendJson.Wire.AddMembersRequest),
            HypersendJson.Wire.PageOfMembers,
            cancellation);

    /// <summary>Gives a member another role.</summary>
    [Call("PUT", "/api/v1/chats/{id}/members/{user_id}")]
    public Task<ChatMember> ChangeRoleAsync(ChatId id, UserId user, string role, CancellationToken cancellation = default) =>
        _caller.AskAsync(
            ApiCall.Put($"/api/v1/chats/{id}/members/{user}").With(new ChangeRoleRequest { Role = role }, HypersendJson.Wire.ChangeRoleRequest),
            HypersendJson.Wire.ChatMember,
            cancellation);

    /// <summary>Takes a member out.</summary>
    [Call("DELETE", "/api/v1/chats/{id}/members/{user_id}")]
    public Task RemoveMemberAsync(ChatId id, UserId user, CancellationToken cancellation = default) =>
        _caller.DoAsync(ApiCall.Delete($"/api/v1/chats/{id}/members/{user}"), cancellation);

    /// <summary>Leaves a chat; a direct one only hides until its next message.</summary>
    [Call("POST", "/api/v1/chats/{id}/leave")]
    public Task LeaveAsync(ChatId id, CancellationToken cancellation = default) =>
        _caller.DoAsync(ApiCall.Post($"/api/v1/chats/{id}/leave"), cancellation);

    /// <summary>Joins a room or a public channel.</summary>
    [Call("POST", "/api/v1/chats/{id}/join")]
    public Task<Chat> JoinAsync(ChatId id, CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Post($"/api/v1/chats/{id}/join"), HypersendJson.Wire.Chat, cancellation);

    /// <summary>Joins by the token of an invitation.</summary>
    [Call("POST", "/api/v1/chats/join")]
    public Task<Chat> JoinAsync(string token, CancellationToken cancellation = default) =>
        _caller.AskAsync(
            ApiCall.Post("/api/v1/chats/join").With(new JoinChatRequest { Token = token }, HypersendJson.Wire.JoinChatRequest),
            HypersendJson.Wire.Chat,
            cancellation);

    /// <summary>The chat that the token of an invitation would let me into.</summary>
    [Call("GET", "/api/v1/chats/invites/{token}")]
    public Task<InvitedChat> GetInvitedAsync(string token, CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get($"/api/v1/chats/invites/{Uri.EscapeDataString(token)}"), HypersendJson.Wire.InvitedChat, cancellation);

    /// <summary>The invitations that are open.</summary>
    [Call("GET", "/api/v1/chats/{id}/invites")]
    public Task<Page<ChatInvite>> ListInvitesAsync(ChatId id, CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get($"/api/v1/chats/{id}/invites"), HypersendJson.Wire.PageOfChatInvites, cancellation);

    /// <summary>Makes an invitation that can be handed on as a link.</summary>
    [Call("POST", "/api/v1/chats/{id}/invites")]
    public Task<ChatInvite> CreateInviteAsync(ChatId id, CreateChatInviteRequest? request = null, CancellationToken cancellation = default) =>
        _caller.AskAsync(
            ApiCall.Post($"/api/v1/chats/{id}/invites").With(request ?? new CreateChatInviteRequest(), HypersendJson.Wire.CreateChatInviteRequest),
            HypersendJson.Wire.ChatInvite,
            cancellation);

    /// <summary>Withdraws an invitation.</summary>
    [Call("DELETE", "/api/v1/chats/{id}/invites/{token}")]
    public Task DeleteInviteAsync(ChatId id, string token, CancellationToken cancellation = default) =>
        _caller.DoAsync(ApiCall.Delete($"/api/v1/chats/{id}/invites/{Uri.EscapeDataString(token)}"), cancellation);

    /// <summary>Who may not come back.</summary>
    [Call("GET", "/api/v1/chats/{id}/bans")]
    public Task<Page<ChatBan>> ListBansAsync(ChatId id, string? cursor = null, int? limit = null, CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get(Query.Page($"/api/v1/chats/{id}/bans", cursor, limit)), HypersendJson.Wire.PageOfBans, cancellation);

    /// <summary>Takes somebody out for good: no link brings them back.</summary>
    [Call("POST", "/api/v1/chats/{id}/bans/{user_id}")]
    public Task BanAsync(ChatId id, UserId user, CancellationToken cancellation = default) =>
        _caller.DoAsync(ApiCall.Post($"/api/v1/chats/{id}/bans/{user}"), cancellation);

    /// <summary>Lets somebody come back.</summary>
    [Call("DELETE", "/api/v1/chats/{id}/bans/{user_id}")]
    public Task UnbanAsync(ChatId id, UserId user, CancellationToken cancellation = default) =>
        _caller.DoAsync(ApiCall.Delete($"/api/v1/chats/{id}/bans/{user}"), cancellation);
}
