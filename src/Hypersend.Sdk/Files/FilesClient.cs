using System.Globalization;
using Hypersend.Contracts;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Sdk.Calls;

namespace Hypersend.Sdk.Files;

/// <summary>Files: on their way in, and what is known of them.</summary>
public sealed partial class FilesClient
{
    private readonly ApiCaller _caller;

    internal FilesClient(ApiCaller caller) => _caller = caller;

    /// <summary>My files, the newest first.</summary>
    [Call("GET", "/api/v1/files/list")]
    public Task<Page<SharedFile>> ListAsync(string? cursor = null, int? limit = null, CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get(Query.Page("/api/v1/files/list", cursor, limit)), HypersendJson.Wire.PageOfFiles, cancellation);

    /// <summary>What my files count for.</summary>
    [Call("GET", "/api/v1/files/usage")]
    public Task<FileUsage> GetUsageAsync(CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get("/api/v1/files/usage"), HypersendJson.Wire.FileUsage, cancellation);

    /// <summary>What is known of a file.</summary>
    [Call("GET", "/api/v1/files/{file_id}/meta")]
    public Task<SharedFile> GetAsync(FileId id, CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get($"/api/v1/files/{id}/meta"), HypersendJson.Wire.SharedFile, cancellation);

    /// <summary>The digest of every chunk, to check what was fetched.</summary>
    [Call("GET", "/api/v1/files/{file_id}/chunks")]
    public Task<FileDigests> GetDigestsAsync(FileId id, CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get($"/api/v1/files/{id}/chunks"), HypersendJson.Wire.FileDigests, cancellation);

    /// <summary>The files of a chat, the newest first.</summary>
    [Call("GET", "/api/v1/chats/{id}/files")]
    public Task<Page<SharedFile>> ListOfChatAsync(ChatId chat, string? cursor = null, int? limit = null, CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get(Query.Page($"/api/v1/chats/{chat}/files", cursor, limit)), HypersendJson.Wire.PageOfFiles, cancellation);

    /// <summary>Cancels an upload, or deletes a file of mine.</summary>
    [Call("DELETE", "/api/v1/files/{file_id}")]
    public Task DeleteAsync(FileId id, string? uploadToken = null, CancellationToken cancellation = default) =>
        _caller.DoAsync(By(ApiCall.Delete($"/api/v1/files/{id}"), uploadToken), cancellation);

    internal bool IsSignedIn => _caller.IsSignedIn;

    private static ApiCall By(ApiCall call, string? uploadToken) =>
        uploadToken is null ? call : call with { Signed = false, Bearer = uploadToken };

    private static string ChunkPath(FileId upload, int index) =>
        Query.Of($"/api/v1/files/{upload}/chunk", ("chunk_index", index.ToString(CultureInfo.InvariantCulture)));
}
