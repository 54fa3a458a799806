using System.Globalization;
using Hypersend.Contracts;
using Hypersend.Contracts.Admin;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Users;
using Hypersend.Sdk.Calls;

namespace Hypersend.Sdk.Admin;

/// <summary>What server admins see and change.</summary>
public sealed class AdminClient
{
    private readonly ApiCaller _caller;

    internal AdminClient(ApiCaller caller) => _caller = caller;

    /// <summary>All accounts, or those the text finds.</summary>
    [Call("GET", "/api/v1/admin/users")]
    public Task<Page<User>> ListUsersAsync(string? text = null, string? cursor = null, int? limit = null, CancellationToken cancellation = default)
    {
        var path = Query.Of("/api/v1/admin/users", ("q", text), ("cursor", cursor), ("limit", limit?.ToString(CultureInfo.InvariantCulture)));
        return _caller.AskAsync(ApiCall.Get(path), HypersendJson.Wire.PageOfUsers, cancellation);
    }

    /// <summary>Changes an account's role, quota, or whether it may sign in; absent fields stay.</summary>
    [Call("PUT", "/api/v1/admin/users/{id}")]
    public Task<User> UpdateUserAsync(UserId id, AdminUpdateUserRequest request, CancellationToken cancellation = default) =>
        _caller.AskAsync(
            ApiCall.Put($"/api/v1/admin/users/{id}").With(request, HypersendJson.Wire.AdminUpdateUserRequest), HypersendJson.Wire.User, cancellation);

    /// <summary>Ends all sessions of somebody.</summary>
    [Call("POST", "/api/v1/admin/users/{id}/logout")]
    public Task LogOutUserAsync(UserId id, CancellationToken cancellation = default) =>
        _caller.DoAsync(ApiCall.Post($"/api/v1/admin/users/{id}/logout"), cancellation);

    /// <summary>The server's settings.</summary>
    [Call("GET", "/api/v1/admin/settings")]
    public Task<ServerSettings> GetSettingsAsync(CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get("/api/v1/admin/settings"), HypersendJson.Wire.ServerSettings, cancellation);

    /// <summary>Changes the server's settings; absent fields stay.</summary>
    [Call("PUT", "/api/v1/admin/settings")]
    public Task<ServerSettings> UpdateSettingsAsync(ServerSettings request, CancellationToken cancellation = default) =>
        _caller.AskAsync(
            ApiCall.Put("/api/v1/admin/settings").With(request, HypersendJson.Wire.ServerSettings), HypersendJson.Wire.ServerSettings, cancellation);

    /// <summary>Open invitations to register.</summary>
    [Call("GET", "/api/v1/admin/invites")]
    public Task<Page<RegistrationInvite>> ListInvitesAsync(CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get("/api/v1/admin/invites"), HypersendJson.Wire.PageOfInvites, cancellation);

    /// <summary>Makes an invitation; its token is in this answer and never again.</summary>
    [Call("POST", "/api/v1/admin/invites")]
    public Task<RegistrationInvite> CreateInviteAsync(CreateInviteRequest? request = null, CancellationToken cancellation = default) =>
        _caller.AskAsync(
            ApiCall.Post("/api/v1/admin/invites").With(request ?? new CreateInviteRequest(), HypersendJson.Wire.CreateInviteRequest),
            HypersendJson.Wire.RegistrationInvite,
            cancellation);

    /// <summary>Withdraws an invitation.</summary>
    [Call("DELETE", "/api/v1/admin/invites/{id}")]
    public Task DeleteInviteAsync(InviteId id, CancellationToken cancellation = default) =>
        _caller.DoAsync(ApiCall.Delete($"/api/v1/admin/invites/{id}"), cancellation);

    /// <summary>What the sweeper of files would do now, of each action at most so many; nothing is done.</summary>
    [Call("GET", "/api/v1/admin/files/sweep")]
    public Task<Page<SweepDecision>> PreviewSweepAsync(int? limit = null, CancellationToken cancellation = default) =>
        _caller.AskAsync(
            ApiCall.Get(Query.Of("/api/v1/admin/files/sweep", ("limit", limit?.ToString(CultureInfo.InvariantCulture)))), HypersendJson.Wire.PageOfDecisions, cancellation);

    /// <summary>Makes the search index anew, beside everybody's work; until it is done, searches find less.</summary>
    [Call("POST", "/api/v1/admin/search/rebuild")]
    public Task RebuildSearchAsync(CancellationToken cancellation = default) =>
        _caller.DoAsync(ApiCall.Post("/api/v1/admin/search/rebuild"), cancellation);

    /// <summary>How the server's process is.</summary>
    [Call("GET", "/api/v1/debug/status")]
    public Task<DebugStatus> GetStatusAsync(CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get("/api/v1/debug/status"), HypersendJson.Wire.DebugStatus, cancellation);

    /// <summary>The newest log lines of the node that answers, at least as grave as <paramref name="level"/>.</summary>
    [Call("GET", "/api/v1/debug/logs")]
    public Task<DebugLogs> GetLogsAsync(string? level = null, int? limit = null, CancellationToken cancellation = default)
    {
        var path = Query.Of("/api/v1/debug/logs", ("level", level), ("limit", limit?.ToString(CultureInfo.InvariantCulture)));
        return _caller.AskAsync(ApiCall.Get(path), HypersendJson.Wire.DebugLogs, cancellation);
    }
}
