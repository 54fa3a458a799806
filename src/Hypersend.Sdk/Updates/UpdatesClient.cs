using Hypersend.Contracts;
using Hypersend.Contracts.Updates;
using Hypersend.Sdk.Calls;

namespace Hypersend.Sdk.Updates;

/// <summary>Releases of the clients.</summary>
public sealed class UpdatesClient
{
    private readonly ApiCaller _caller;

    internal UpdatesClient(ApiCaller caller) => _caller = caller;

    /// <summary>Whether there is something newer than mine.</summary>
    [Call("GET", "/api/v1/updates/check")]
    public Task<UpdateCheck> CheckAsync(string platform, string currentVersion, CancellationToken cancellation = default) =>
        _caller.AskAsync(
            ApiCall.Get(Query.Of("/api/v1/updates/check", ("platform", platform), ("current_version", currentVersion))).Unsigned(),
            HypersendJson.Wire.UpdateCheck,
            cancellation);

    /// <summary>The newest release of each platform, or of one.</summary>
    [Call("GET", "/api/v1/updates/latest")]
    public Task<Page<Release>> GetLatestAsync(string? platform = null, CancellationToken cancellation = default) =>
        _caller.AskAsync(
            ApiCall.Get(Query.Of("/api/v1/updates/latest", ("platform", platform))).Unsigned(), HypersendJson.Wire.PageOfReleases, cancellation);

    /// <summary>Publishes a release, or corrects one; for server admins.</summary>
    [Call("POST", "/api/v1/updates/release")]
    public Task<Release> PublishAsync(PublishReleaseRequest request, CancellationToken cancellation = default) =>
        _caller.AskAsync(
            ApiCall.Post("/api/v1/updates/release").With(request, HypersendJson.Wire.PublishReleaseRequest), HypersendJson.Wire.Release, cancellation);
}
