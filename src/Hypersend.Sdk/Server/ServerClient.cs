using System.Net;
using Hypersend.Contracts;
using Hypersend.Contracts.Server;
using Hypersend.Sdk.Calls;

namespace Hypersend.Sdk.Server;

/// <summary>The server itself, for anybody.</summary>
public sealed class ServerClient
{
    private readonly ApiCaller _caller;

    internal ServerClient(ApiCaller caller) => _caller = caller;

    /// <summary>What a sign-in page may show.</summary>
    [Call("GET", "/api/v1/server")]
    public Task<ServerCard> GetCardAsync(CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get("/api/v1/server").Unsigned(), HypersendJson.Wire.ServerCard, cancellation);

    /// <summary>How the server is; also when the answer is that it is not well.</summary>
    [Call("GET", "/health")]
    public Task<Health> GetHealthAsync(CancellationToken cancellation = default) =>
        _caller.AskAsync(
            ApiCall.Get("/health").Unsigned() with { Expects = HttpStatusCode.ServiceUnavailable }, HypersendJson.Wire.Health, cancellation);

    /// <summary>Whether the process answers.</summary>
    [Call("GET", "/health/live")]
    public Task<Health> GetLiveAsync(CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get("/health/live").Unsigned(), HypersendJson.Wire.Health, cancellation);

    /// <summary>Whether it should get traffic; throws with 503 when not.</summary>
    [Call("GET", "/health/ready")]
    public Task<Health> GetReadyAsync(CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get("/health/ready").Unsigned(), HypersendJson.Wire.Health, cancellation);
}
