using Hypersend.Contracts;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Users;
using Hypersend.Sdk.Calls;

namespace Hypersend.Sdk.Users;

/// <summary>Profiles: mine and those of others.</summary>
public sealed partial class UsersClient
{
    private readonly ApiCaller _caller;
    private readonly SessionKeeper _session;

    internal UsersClient(ApiCaller caller, SessionKeeper session)
    {
        _caller = caller;
        _session = session;
    }

    /// <summary>My profile.</summary>
    [Call("GET", "/api/v1/users/me")]
    public Task<User> GetMeAsync(CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get("/api/v1/users/me"), HypersendJson.Wire.User, cancellation);

    /// <summary>Changes my profile; absent fields stay.</summary>
    [Call("PUT", "/api/v1/users/me")]
    public Task<User> UpdateMeAsync(UpdateUserRequest request, CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Put("/api/v1/users/me").With(request, HypersendJson.Wire.UpdateUserRequest), HypersendJson.Wire.User, cancellation);

    /// <summary>Deletes my account for good and forgets its tokens.</summary>
    [Call("DELETE", "/api/v1/users/me")]
    public async Task DeleteMeAsync(DeleteAccountRequest? request = null, CancellationToken cancellation = default)
    {
        var call = ApiCall.Delete("/api/v1/users/me");
        await _caller.DoAsync(request is null ? call : call.With(request, HypersendJson.Wire.DeleteAccountRequest), cancellation);
        _session.Use((SessionTokens?)null);
    }

    /// <summary>Somebody's profile, as I may see it.</summary>
    [Call("GET", "/api/v1/users/{id}")]
    public Task<User> GetAsync(UserId id, CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get($"/api/v1/users/{id}"), HypersendJson.Wire.User, cancellation);

    /// <summary>Changes a profile: one's own, or anybody's as an admin.</summary>
    [Call("PUT", "/api/v1/users/{id}")]
    public Task<User> UpdateAsync(UserId id, UpdateUserRequest request, CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Put($"/api/v1/users/{id}").With(request, HypersendJson.Wire.UpdateUserRequest), HypersendJson.Wire.User, cancellation);

    /// <summary>Finds people by the beginnings of words in their names; at least two characters.</summary>
    [Call("GET", "/api/v1/users/search")]
    public Task<Page<User>> SearchAsync(string text, string? cursor = null, int? limit = null, CancellationToken cancellation = default) =>
        _caller.AskAsync(
            ApiCall.Get(Query.Page(Query.Of("/api/v1/users/search", ("q", text)), cursor, limit)), HypersendJson.Wire.PageOfUsers, cancellation);

    /// <summary>My settings.</summary>
    [Call("GET", "/api/v1/users/me/settings")]
    public Task<UserSettings> GetSettingsAsync(CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get("/api/v1/users/me/settings"), HypersendJson.Wire.UserSettings, cancellation);

    /// <summary>Changes my settings; absent parts stay.</summary>
    [Call("PUT", "/api/v1/users/me/settings")]
    public Task<UserSettings> UpdateSettingsAsync(UserSettings request, CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Put("/api/v1/users/me/settings").With(request, HypersendJson.Wire.UserSettings), HypersendJson.Wire.UserSettings, cancellation);
}
