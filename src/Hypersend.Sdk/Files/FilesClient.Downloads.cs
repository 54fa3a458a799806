using System.Globalization;
using System.Net.Http.Headers;
using Hypersend.Contracts;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Sdk.Calls;

namespace Hypersend.Sdk.Files;

public sealed partial class FilesClient
{
    /// <summary>
    /// The whole of it: fetches several chunks at once through whatever the line does, checks each, and puts the file where the
    /// run says. Run again, also by another process, it goes on.
    /// </summary>
    public FileDownload Download(FileId id, TransferOptions? options = null) => new(new FileOrigin(this, id), options ?? new TransferOptions());

    /// <summary>The same of an address that opens one file without an account: a signed one, or that of a link.</summary>
    /// <param name="http">What carries the requests; no token of anybody goes with them.</param>
    /// <param name="address">The bytes themselves, not the page of a link.</param>
    /// <param name="password">Of the link, where it has one.</param>
    /// <param name="options">How it is carried.</param>
    public static FileDownload DownloadFrom(HttpClient http, Uri address, string? password = null, TransferOptions? options = null) =>
        new(new AddressOrigin(http, address, password), options ?? new TransferOptions());

    /// <summary>
    /// Opens the bytes of a file, from one place to another, both included. Of a file that is still coming they flow as they
    /// come. With the tag of an earlier answer, another file is not taken for the rest of that one.
    /// </summary>
    [Call("GET", "/api/v1/files/{file_id}/download")]
    [Call("GET", "/api/v1/files/{file_id}")]
    public Task<OpenedBytes> OpenAsync(FileId id, long from = 0, long? to = null, string? ifRange = null, CancellationToken cancellation = default) =>
        OpenAsync(ApiCall.Get($"/api/v1/files/{id}/download"), from, to, ifRange, cancellation);

    /// <summary>Opens ready files of a chat as one ZIP; all of them when no ids are given.</summary>
    [Call("GET", "/api/v1/chats/{id}/files.zip")]
    public Task<OpenedBytes> OpenZipAsync(
        ChatId chat, IReadOnlyCollection<FileId>? ids = null, long from = 0, long? to = null, string? ifRange = null, CancellationToken cancellation = default) =>
        OpenAsync(ApiCall.Get(Query.Of($"/api/v1/chats/{chat}/files.zip", ("ids", ids is null ? null : string.Join(',', ids)))), from, to, ifRange, cancellation);

    /// <summary>The small picture of a file.</summary>
    [Call("GET", "/api/v1/files/{file_id}/thumbnail")]
    public async Task<byte[]> GetThumbnailAsync(FileId id, CancellationToken cancellation = default)
    {
        using var answer = await _caller.SendAsync(ApiCall.Get($"/api/v1/files/{id}/thumbnail"), cancellation);
        return await answer.Content.ReadAsByteArrayAsync(cancellation);
    }

    /// <summary>An address that a download manager can fetch by itself, good for so long and while this session lives.</summary>
    [Call("GET", "/api/v1/files/{file_id}/url")]
    public Task<SignedUrl> GetUrlAsync(FileId id, TimeSpan? life = null, CancellationToken cancellation = default) => _caller.AskAsync(
        ApiCall.Get(Query.Of($"/api/v1/files/{id}/url", ("expires_in", life is { } span ? ((long)span.TotalSeconds).ToString(CultureInfo.InvariantCulture) : null))),
        HypersendJson.Wire.SignedUrl,
        cancellation);

    private async Task<OpenedBytes> OpenAsync(ApiCall call, long from, long? to, string? ifRange, CancellationToken cancellation)
    {
        var range = from > 0 || to is not null ? new RangeHeaderValue(from, to) : null;
        return await OpenedBytes.OfAsync(
            await _caller.SendAsync(call with { Streamed = true, Range = range, IfRange = ifRange }, cancellation), cancellation);
    }
}
