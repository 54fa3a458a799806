using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Files;

/// <summary>The rows of files on their way in. Every change of the books and of what messages show is part of the same commit.</summary>
internal interface IUploadStore
{
    /// <summary>
    /// Writes down a file that is going to come, and takes its space in the books; its place is not made yet. Asked again
    /// with the same client key, the first one is the answer.
    /// </summary>
    Task<Result<BegunUpload>> BeginAsync(NewFile file, UploadLimits limits, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Its place is made: from here on it takes chunks.</summary>
    Task OpenAsync(FileId id, CancellationToken cancellation);

    /// <summary>The file and the numbers of the chunks that are here; null when there is none.</summary>
    Task<StoredUpload?> FindAsync(FileId id, CancellationToken cancellation);

    Task<ChunkRow?> FindChunkAsync(FileId id, int chunk, CancellationToken cancellation);

    /// <summary>
    /// Writes down a chunk whose bytes are durable. When another was quicker, its row is the answer and nothing changes.
    /// </summary>
    Task<Result<AddedChunk>> AddChunkAsync(FileId id, ChunkRow chunk, SniffedType? type, UploadLimits limits, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>All chunks are here: publishes the file, and with it the messages that carry it. Done twice, the second finds it done.</summary>
    Task<Result<Finished>> CompleteAsync(FileId id, byte[]? expectedRoot, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Takes an upload or a file away; null when it had ended before.</summary>
    Task<Finished?> EndAsync(FileId id, string state, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Whether no file that still counts has these bytes.</summary>
    Task<bool> MayDropBytesAsync(FileId id, CancellationToken cancellation);

    /// <summary>What lies under other ids and goes with its bytes: the parts of a joined file, and a packed form.</summary>
    Task<IReadOnlyList<FileId>> BesideAsync(FileId id, CancellationToken cancellation);

    /// <summary>Under which names the store keeps the parts that count; null while more may come, and when they are gone.</summary>
    Task<IReadOnlySet<string>?> NamesAsync(FileId id, CancellationToken cancellation);

    /// <summary>Its bytes are gone from the store, and those of its parts.</summary>
    Task SweptAsync(FileId id, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>What somebody has taken of the space, and what of the disk is promised to uploads. A look that locks nothing.</summary>
    Task<StoredRoom> RoomAsync(UserId owner, CancellationToken cancellation);

    /// <summary>Null when the file had ended. With it comes the name of the picture that it had before.</summary>
    Task<(Finished Shown, string? Before)?> SetThumbnailAsync(FileId id, string name, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>The chats in which messages carry the file.</summary>
    Task<IReadOnlyList<CarryingChat>> ChatsOfAsync(FileId id, CancellationToken cancellation);
}

/// <summary>A file that somebody is going to send; its form was checked.</summary>
internal sealed record NewFile
{
    public required FileId Id { get; init; }

    public required UserId Owner { get; init; }

    /// <summary>One of <see cref="FileRoles"/>; null for what comes in chunks.</summary>
    public string? Role { get; init; }

    /// <summary>What a tus client said of it, as it came.</summary>
    public string? TusMetadata { get; init; }

    public required string Filename { get; init; }

    public string? Path { get; init; }

    public required string Kind { get; init; }

    public required string Mime { get; init; }

    public required long? Size { get; init; }

    public required int ChunkSize { get; init; }

    public int? Width { get; init; }

    public int? Height { get; init; }

    public long? DurationMs { get; init; }

    public byte[]? KnownRoot { get; init; }

    public required string RetentionMode { get; init; }

    public DateTimeOffset? RetentionAt { get; init; }

    public int? RetentionCount { get; init; }

    public string? ClientKey { get; init; }
}

/// <summary>What one upload may take. 0 stands for no quota; the free bytes are what is left above the floor.</summary>
internal sealed record UploadLimits(long DefaultQuota, long? FreeBytes, long MaxSize, TimeSpan Life)
{
    public const int MostOpen = 20;

    /// <summary>Also of what the first bytes say the file is; empty when every type may come.</summary>
    public IReadOnlyList<string> AllowedTypes { get; init; } = [];
}

/// <summary>The books as they stand; a quota that is null is the server's.</summary>
internal sealed record StoredRoom
{
    public long Used { get; init; }

    public long? QuotaBytes { get; init; }

    public long Promised { get; init; }
}

internal sealed record BegunUpload(FileRow File, bool Repeated);

internal sealed record StoredUpload(FileRow File, IReadOnlyList<int> Chunks);

/// <summary>What the first bytes say the file is.</summary>
internal sealed record SniffedType(string Mime, string Kind);

internal sealed record AddedChunk(FileRow File, ChunkRow Chunk, bool WasThere);

/// <summary>A file in its new state, and what changed in the chats that show it.</summary>
internal sealed record Finished(FileRow File, IReadOnlyList<ChatChange> Changes);

internal sealed record CarryingChat
{
    public long No { get; init; }

    public ChatId Id { get; init; }
}
