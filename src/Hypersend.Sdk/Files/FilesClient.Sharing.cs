using Hypersend.Contracts;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Sdk.Calls;

namespace Hypersend.Sdk.Files;

public sealed partial class FilesClient
{
    /// <summary>I have this file, and checked it.</summary>
    [Call("POST", "/api/v1/files/{file_id}/received")]
    public Task ConfirmAsync(FileId id, CancellationToken cancellation = default) =>
        _caller.DoAsync(ApiCall.Post($"/api/v1/files/{id}/received"), cancellation);

    /// <summary>Who has a file of mine, and who could.</summary>
    [Call("GET", "/api/v1/files/{file_id}/deliveries")]
    public Task<Page<Delivery>> ListDeliveriesAsync(FileId id, string? cursor = null, int? limit = null, CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get(Query.Page($"/api/v1/files/{id}/deliveries", cursor, limit)), HypersendJson.Wire.PageOfDeliveries, cancellation);

    /// <summary>A link for people without an account; its address is in this answer and never again.</summary>
    [Call("POST", "/api/v1/files/{file_id}/link")]
    public Task<FileLink> CreateLinkAsync(FileId id, CreateLinkRequest? request = null, CancellationToken cancellation = default) =>
        _caller.AskAsync(
            ApiCall.Post($"/api/v1/files/{id}/link").With(request ?? new CreateLinkRequest(), HypersendJson.Wire.CreateLinkRequest),
            HypersendJson.Wire.FileLink,
            cancellation);

    /// <summary>The links to a file of mine, the newest first.</summary>
    [Call("GET", "/api/v1/files/{file_id}/links")]
    public Task<Page<FileLink>> ListLinksAsync(FileId id, CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get($"/api/v1/files/{id}/links"), HypersendJson.Wire.PageOfLinks, cancellation);

    /// <summary>Withdraws a link.</summary>
    [Call("DELETE", "/api/v1/files/links/{id}")]
    public Task DeleteLinkAsync(LinkId id, CancellationToken cancellation = default) =>
        _caller.DoAsync(ApiCall.Delete($"/api/v1/files/links/{id}"), cancellation);
}
