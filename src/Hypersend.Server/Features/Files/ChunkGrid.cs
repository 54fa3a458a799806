using System.Numerics;

namespace Hypersend.Server.Features.Files;

/// <summary>
/// How a file is cut: chunks of one size, the last one shorter. The size of an open grid is not known yet, so every
/// chunk of it counts as whole until the upload is complete.
/// </summary>
internal readonly record struct ChunkGrid(long? Size, int ChunkSize)
{
    public const int MaxChunks = 9_000;
    public const int SmallestChunk = 1 << 20;
    public const int LargestChunk = 64 << 20;
    /// <summary>The floor of the grid unless the server's setting says otherwise.</summary>
    public const int UsualChunk = 8 << 20;

    // A place in a chunk is an int. Nobody asks for chunks that large, only files of more than 562 GiB get them.
    private const int HardLimit = 1 << 30;

    /// <summary>The largest file that any grid can hold.</summary>
    public const long MaxSize = (long)HardLimit * MaxChunks;

    /// <summary>How many chunks there are; only of a known size.</summary>
    public int Count => Total ?? throw new InvalidOperationException("The size is not known yet.");

    /// <summary>How many chunks there are; null while the size is not known.</summary>
    public int? Total => Size is { } size ? (int)((size + ChunkSize - 1) / ChunkSize) : null;

    /// <summary>True for the number of a chunk that this file can have.</summary>
    public bool Has(int index) => index >= 0 && index < (Total ?? MaxChunks);

    public long OffsetOf(int index) => Has(index) ? (long)index * ChunkSize : throw new ArgumentOutOfRangeException(nameof(index));

    /// <summary>The length of a chunk; in an open grid the last one may be shorter than this.</summary>
    public int LengthOf(int index)
    {
        var offset = OffsetOf(index);
        return Size is { } size ? (int)Math.Min(ChunkSize, size - offset) : ChunkSize;
    }

    /// <summary>The chunk in which a byte lies.</summary>
    public int IndexOf(long offset) => checked((int)(offset / ChunkSize));

    /// <summary>True for a chunk size that may be asked for or set.</summary>
    public static bool MayBe(long chunkSize) => chunkSize is >= SmallestChunk and <= LargestChunk && BitOperations.IsPow2(chunkSize);

    /// <summary>
    /// The grid of a new file. Null is a refusal: a chunk size that may not be asked for or makes too many chunks, or a
    /// file that is larger than any grid.
    /// </summary>
    /// <param name="size">Null when it is not known: such a file has the largest chunks, unless smaller ones are asked for.</param>
    /// <param name="requested">The client's wish.</param>
    /// <param name="usual">CHUNK_SIZE, the floor when there is no wish.</param>
    public static ChunkGrid? Plan(long? size, long? requested = null, int usual = UsualChunk)
    {
        if (size is < 0 or > MaxSize || (requested is { } wish && !MayBe(wish)))
            return null;
        if (size is not { } known)
            return new ChunkGrid(null, (int)(requested ?? LargestChunk));
        if (requested is { } asked)
            return known <= asked * MaxChunks ? new ChunkGrid(known, (int)asked) : null;
        long chunk = usual;
        while (known > chunk * MaxChunks)
            chunk *= 2;
        return new ChunkGrid(known, (int)chunk);
    }
}
