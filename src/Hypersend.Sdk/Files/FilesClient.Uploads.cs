using System.Net.Http.Headers;
using Hypersend.Contracts;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Sdk.Calls;

namespace Hypersend.Sdk.Files;

public sealed partial class FilesClient
{
    /// <summary>
    /// The whole of it: begins, sends several chunks at once through whatever the line does, and publishes. Run what is
    /// returned; the source stays the caller's.
    /// </summary>
    public FileUpload Upload(UploadSource source, InitUploadRequest request, TransferOptions? options = null) =>
        new(this, source, request, options ?? new TransferOptions());

    /// <summary>Goes on with an upload that was begun before, by another process perhaps; without a token, by the session.</summary>
    public FileUpload Resume(UploadSource source, FileId upload, string? uploadToken = null, TransferOptions? options = null) =>
        new(this, source, upload, uploadToken, options ?? new TransferOptions());

    /// <summary>
    /// Begins an upload; with a chat its message exists at once. The calls that follow may carry the upload's own token
    /// instead of the session: it lives for days, and opens nothing else.
    /// </summary>
    [Call("POST", "/api/v1/files/init")]
    public Task<Upload> InitAsync(InitUploadRequest request, CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Post("/api/v1/files/init").With(request, HypersendJson.Wire.InitUploadRequest), HypersendJson.Wire.Upload, cancellation);

    /// <summary>Sends one chunk; with its SHA-256 nothing else is taken for it.</summary>
    [Call("PUT", "/api/v1/files/{upload_id}/chunk")]
    public Task<ChunkReceived> SendChunkAsync(
        FileId upload, int index, ReadOnlyMemory<byte> bytes, ReadOnlyMemory<byte> sha256 = default, string? uploadToken = null, CancellationToken cancellation = default) =>
        SendChunkAsync(upload, index, () => new ReadOnlyMemoryContent(bytes), sha256, uploadToken, cancellation);

    /// <summary>What of an upload is here. Asked with the session, it brings a new token for the upload.</summary>
    [Call("GET", "/api/v1/files/{upload_id}/status")]
    public Task<UploadStatus> GetStatusAsync(FileId upload, string? uploadToken = null, CancellationToken cancellation = default) =>
        _caller.AskAsync(By(ApiCall.Get($"/api/v1/files/{upload}/status"), uploadToken), HypersendJson.Wire.UploadStatus, cancellation);

    /// <summary>All is sent: publishes it, when the root is the same there as here.</summary>
    [Call("POST", "/api/v1/files/{upload_id}/complete")]
    public Task<CompletedUpload> CompleteAsync(FileId upload, string? sha256Root = null, string? uploadToken = null, CancellationToken cancellation = default) =>
        _caller.AskAsync(
            By(ApiCall.Post($"/api/v1/files/{upload}/complete"), uploadToken)
                .With(new CompleteUploadRequest { Sha256Root = sha256Root }, HypersendJson.Wire.CompleteUploadRequest),
            HypersendJson.Wire.CompletedUpload,
            cancellation);

    /// <summary>A small picture of what is being sent: JPEG, PNG or WebP, at most 256 KB.</summary>
    [Call("PUT", "/api/v1/files/{file_id}/thumbnail")]
    public Task SetThumbnailAsync(FileId upload, ReadOnlyMemory<byte> picture, string? uploadToken = null, CancellationToken cancellation = default) =>
        _caller.DoAsync(
            By(ApiCall.Put($"/api/v1/files/{upload}/thumbnail"), uploadToken) with { Body = () => Raw(new ReadOnlyMemoryContent(picture)) }, cancellation);

    internal Task<ChunkReceived> SendChunkAsync(
        FileId upload, int index, Func<HttpContent> body, ReadOnlyMemory<byte> sha256, string? uploadToken, CancellationToken cancellation)
    {
        var call = By(ApiCall.Put(ChunkPath(upload, index)), uploadToken) with { Body = () => Raw(body(), sha256), Patience = Timeout.InfiniteTimeSpan };
        return _caller.AskAsync(call, HypersendJson.Wire.ChunkReceived, cancellation);
    }

    private static HttpContent Raw(HttpContent content, ReadOnlyMemory<byte> sha256 = default)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        if (!sha256.IsEmpty)
            content.Headers.Add("X-Chunk-SHA256", Convert.ToHexStringLower(sha256.Span));
        return content;
    }
}
