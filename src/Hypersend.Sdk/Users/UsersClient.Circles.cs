using Hypersend.Contracts;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Users;
using Hypersend.Sdk.Calls;

namespace Hypersend.Sdk.Users;

public sealed partial class UsersClient
{
    /// <summary>My contacts.</summary>
    [Call("GET", "/api/v1/users/me/contacts")]
    public Task<Page<User>> ListContactsAsync(string? cursor = null, int? limit = null, CancellationToken cancellation = default) =>
        ListAsync("contacts", cursor, limit, cancellation);

    /// <summary>Whom I follow.</summary>
    [Call("GET", "/api/v1/users/me/following")]
    public Task<Page<User>> ListFollowingAsync(string? cursor = null, int? limit = null, CancellationToken cancellation = default) =>
        ListAsync("following", cursor, limit, cancellation);

    /// <summary>Who follows me.</summary>
    [Call("GET", "/api/v1/users/me/followers")]
    public Task<Page<User>> ListFollowersAsync(string? cursor = null, int? limit = null, CancellationToken cancellation = default) =>
        ListAsync("followers", cursor, limit, cancellation);

    /// <summary>Whom I block.</summary>
    [Call("GET", "/api/v1/users/me/blocked")]
    public Task<Page<User>> ListBlockedAsync(string? cursor = null, int? limit = null, CancellationToken cancellation = default) =>
        ListAsync("blocked", cursor, limit, cancellation);

    /// <summary>Follows somebody; twice is no error.</summary>
    [Call("POST", "/api/v1/users/{id}/follow")]
    public Task FollowAsync(UserId id, CancellationToken cancellation = default) =>
        _caller.DoAsync(ApiCall.Post($"/api/v1/users/{id}/follow"), cancellation);

    /// <summary>Stops following somebody.</summary>
    [Call("DELETE", "/api/v1/users/{id}/follow")]
    public Task UnfollowAsync(UserId id, CancellationToken cancellation = default) =>
        _caller.DoAsync(ApiCall.Delete($"/api/v1/users/{id}/follow"), cancellation);

    /// <summary>Blocks somebody; twice is no error.</summary>
    [Call("POST", "/api/v1/users/{id}/block")]
    public Task BlockAsync(UserId id, CancellationToken cancellation = default) =>
        _caller.DoAsync(ApiCall.Post($"/api/v1/users/{id}/block"), cancellation);

    /// <summary>Stops blocking somebody.</summary>
    [Call("DELETE", "/api/v1/users/{id}/block")]
    public Task UnblockAsync(UserId id, CancellationToken cancellation = default) =>
        _caller.DoAsync(ApiCall.Delete($"/api/v1/users/{id}/block"), cancellation);

    /// <summary>No more mails that count what waits; the token is that of such a mail.</summary>
    [Call("POST", "/api/v1/digests/unsubscribe")]
    public Task StopDigestsAsync(string token, CancellationToken cancellation = default) =>
        _caller.DoAsync(ApiCall.Post("/api/v1/digests/unsubscribe?token=" + Uri.EscapeDataString(token)).Unsigned(), cancellation);

    private Task<Page<User>> ListAsync(string circle, string? cursor, int? limit, CancellationToken cancellation) =>
        _caller.AskAsync(ApiCall.Get(Query.Page($"/api/v1/users/me/{circle}", cursor, limit)), HypersendJson.Wire.PageOfUsers, cancellation);
}
