using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Files.Tus;

/// <summary>The rows of uploads that come from the first byte to the last, and of files that are made of several of them.</summary>
internal interface ITusStore
{
    /// <summary>Null when no such upload came by tus.</summary>
    Task<StoredTus?> FindAsync(FileId id, CancellationToken cancellation);

    /// <summary>
    /// Writes down what is durable now: whole chunks and the beginning of the next. It must go on where the upload ends, or
    /// somebody else was quicker.
    /// </summary>
    Task<Result<FileRow>> GrowAsync(FileId id, long from, TusGrowth growth, UploadLimits limits, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>The size is known now, and its space is taken in the books.</summary>
    Task<Result<FileRow>> SetSizeAsync(FileId id, long size, UploadLimits limits, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Publishes a file that is made of these parts, in this order: rows only. Done twice, the second finds it done.</summary>
    Task<Result<Finished>> JoinAsync(FileId id, IReadOnlyList<FileId> parts, SniffedType? type, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>The joined files whose bytes nobody has looked through yet, behind this one, the oldest first.</summary>
    Task<IReadOnlyList<FileRow>> UndigestedAsync(long afterNo, CancellationToken cancellation);

    /// <summary>What was computed of some chunks of a joined file.</summary>
    Task AddDigestsAsync(FileRow file, IReadOnlyList<ChunkRow> chunks, CancellationToken cancellation);

    /// <summary>All its digests are known, and so is its root; null when it had ended.</summary>
    Task<Finished?> DigestedAsync(FileId id, DateTimeOffset now, CancellationToken cancellation);
}

/// <summary>An upload by tus: its row, what the client said of it, and the beginning of a chunk that is not whole yet.</summary>
internal sealed record StoredTus(FileRow File, string Metadata, TusTail Tail, IReadOnlyList<FileId> Parts)
{
    /// <summary>How far it is: every byte up to here is durable.</summary>
    public long Offset => File.ReceivedBytes;

    public bool IsWhole => File.Size == File.ReceivedBytes;
}

/// <summary>The bytes of a chunk that have come so far; the name is the store's.</summary>
internal readonly record struct TusTail(int Chunk, int Length, string? Name);

/// <summary>What has come: chunks that are whole now, and the beginning of the next.</summary>
internal sealed record TusGrowth(IReadOnlyList<ChunkRow> Chunks, TusTail Tail)
{
    public SniffedType? Type { get; init; }

    /// <summary>By which lease it was written: without that one it does not count. Null where none is needed.</summary>
    public Guid? Lease { get; init; }
}
