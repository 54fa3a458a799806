using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Files;

/// <summary>Files as people see them. Every call asks as somebody: what they may not see is not there for them.</summary>
internal interface IFileStore
{
    /// <summary>Mine, or carried by a message that I may read.</summary>
    Task<FileRow?> FindAsync(UserId viewer, FileId id, CancellationToken cancellation);

    /// <summary>The chunks of its bytes in this stretch, in their order.</summary>
    Task<IReadOnlyList<ChunkRow>> ChunksAsync(FileRow file, int from, int to, CancellationToken cancellation);

    /// <summary>
    /// Where the bytes lie that hold this stretch (both ends included), as far as they are here, in their order. A joined
    /// file lies in the places of its parts.
    /// </summary>
    Task<IReadOnlyList<FilePiece>> LayoutAsync(FileRow file, long from, long to, CancellationToken cancellation);

    /// <summary>Mine, the newest first.</summary>
    Task<IReadOnlyList<FileRow>> ListAsync(UserId owner, long beforeNo, int limit, CancellationToken cancellation);

    /// <summary>What a chat's messages carry, the newest first.</summary>
    Task<Result<IReadOnlyList<ChatFile>>> OfChatAsync(UserId viewer, ChatId chat, long beforeKey, int limit, CancellationToken cancellation);

    /// <summary>
    /// The ready files that a chat's messages carry and that the viewer may fetch now, the oldest first, each once; of these
    /// ids when there are any, and not found when the chat shows one of them nowhere.
    /// </summary>
    Task<Result<IReadOnlyList<FileRow>>> ReadyOfChatAsync(
        UserId viewer, ChatId chat, IReadOnlyCollection<FileId>? ids, int limit, DateTimeOffset now, CancellationToken cancellation);

    Task<StoredUsage> UsageAsync(UserId owner, CancellationToken cancellation);
}

/// <summary>A run of a file's bytes: under which id the store keeps them, in which part there, and where they begin in the file.</summary>
internal readonly record struct FilePiece(FileId Blob, BlobPlace Place, long Offset);

/// <summary>A file where it was shown.</summary>
internal sealed record ChatFile(FileRow File, long MessageKey);

internal sealed record StoredUsage
{
    public long Bytes { get; init; }

    public int Files { get; init; }

    /// <summary>Null when the server's own limit holds.</summary>
    public long? QuotaBytes { get; init; }
}
