using System.Net;
using System.Net.Http.Headers;
using Hypersend.Contracts;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Users;
using Hypersend.Sdk.Calls;

namespace Hypersend.Sdk.Users;

public sealed partial class UsersClient
{
    /// <summary>Sets my picture: PNG, JPEG, WebP, GIF or AVIF, at most 5 MB; the server goes by the bytes, whatever the type says.</summary>
    [Call("PUT", "/api/v1/users/me/avatar")]
    public Task<User> SetAvatarAsync(ReadOnlyMemory<byte> picture, string contentType = "application/octet-stream", CancellationToken cancellation = default)
    {
        var call = ApiCall.Put("/api/v1/users/me/avatar") with
        {
            Body = () => new ReadOnlyMemoryContent(picture) { Headers = { ContentType = new MediaTypeHeaderValue(contentType) } },
        };
        return _caller.AskAsync(call, HypersendJson.Wire.User, cancellation);
    }

    /// <summary>Removes my picture.</summary>
    [Call("DELETE", "/api/v1/users/me/avatar")]
    public Task RemoveAvatarAsync(CancellationToken cancellation = default) =>
        _caller.DoAsync(ApiCall.Delete("/api/v1/users/me/avatar"), cancellation);

    /// <summary>Somebody's picture.</summary>
    [Call("GET", "/api/v1/users/{id}/avatar")]
    public async Task<Avatar> GetAvatarAsync(UserId id, CancellationToken cancellation = default)
    {
        using var answer = await _caller.SendAsync(ApiCall.Get($"/api/v1/users/{id}/avatar"), cancellation);
        return new Avatar
        {
            Bytes = await answer.Content.ReadAsByteArrayAsync(cancellation),
            ContentType = answer.Content.Headers.ContentType?.MediaType ?? "application/octet-stream",
        };
    }

    /// <summary>Whether somebody has a picture.</summary>
    [Call("HEAD", "/api/v1/users/{id}/avatar")]
    public async Task<bool> HasAvatarAsync(UserId id, CancellationToken cancellation = default)
    {
        var call = new ApiCall(HttpMethod.Head, $"/api/v1/users/{id}/avatar") { Expects = HttpStatusCode.NotFound };
        using var answer = await _caller.SendAsync(call, cancellation);
        return answer.IsSuccessStatusCode;
    }
}

/// <summary>A picture and what it is.</summary>
public sealed record Avatar
{
    /// <summary>The picture as it was sent.</summary>
    public required ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>Told from the bytes by the server.</summary>
    public required string ContentType { get; init; }
}
