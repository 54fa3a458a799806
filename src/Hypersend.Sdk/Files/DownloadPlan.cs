using System.Globalization;
using System.Security.Cryptography;
using Hypersend.Contracts.Files;

namespace Hypersend.Sdk.Files;

/// <summary>What is to be fetched, in what pieces, and how each is told from a damaged one.</summary>
internal sealed class DownloadPlan
{
    private readonly byte[]?[] _digests;

    /// <param name="key">Names these bytes among the notes of this machine.</param>
    /// <param name="file">What the server says of it.</param>
    /// <param name="chunkSize">The size of the pieces.</param>
    /// <param name="digests">Of those pieces that are there; none at all where nobody knows them.</param>
    public DownloadPlan(string key, FetchedFile file, int chunkSize, IReadOnlyList<string?> digests)
    {
        (Key, File, ChunkSize, Root, ETag) = (key, file, chunkSize, file.Sha256Root, $"\"{file.Sha256Root ?? key}\"");

        // The digest of a chunk that is missing fits no root.
        _digests = [.. digests.Select(digest => digest is null ? null : Convert.FromHexString(digest))];
        if (Root is not null && (_digests.Length != Total || Convert.ToHexStringLower(SHA256.HashData([.. _digests.SelectMany(digest => digest ?? [])])) != Root))
            throw new InvalidDataException("The digests of the chunks do not belong to the root of the file.");
    }

    /// <summary>Of what nobody can check.</summary>
    public DownloadPlan(string key, FetchedFile file, int chunkSize, string? etag)
        : this(key, file with { Sha256Root = null }, chunkSize, []) => (File, ETag) = (file, etag);

    public string Key { get; }

    public FetchedFile File { get; }

    /// <summary>Names exactly these bytes.</summary>
    public string? ETag { get; }

    /// <summary>Null while nobody knows.</summary>
    public long? Size => File.Size;

    public int ChunkSize { get; }

    public int? Total => Size is { } size ? (int)((size + ChunkSize - 1) / ChunkSize) : null;

    /// <summary>Null while the server is still computing the digests of a file that was made of parts, and while it comes.</summary>
    public string? Root { get; }

    /// <summary>Whether all that came can be checked.</summary>
    public bool IsVerified => Root is not null;

    /// <summary>Nothing of it is still on its way to the server.</summary>
    public bool IsReady { get; init; } = true;

    /// <summary>The chunks that can be fetched now. What follows a gap in a file of unknown size cannot.</summary>
    public IEnumerable<int> Available
    {
        get
        {
            if (IsReady)
                return Enumerable.Range(0, Total ?? 0);
            var here = Enumerable.Range(0, _digests.Length);
            return Size is not null ? here.Where(chunk => _digests[chunk] is not null) : here.SkipLast(1).TakeWhile(chunk => _digests[chunk] is not null);
        }
    }

    public long OffsetOf(int chunk) => (long)chunk * ChunkSize;

    public int LengthOf(int chunk) => (int)Math.Min(ChunkSize, (Size ?? long.MaxValue) - OffsetOf(chunk));

    /// <summary>True where nobody can tell.</summary>
    public bool IsGood(int chunk, ReadOnlySpan<byte> sha256) =>
        chunk >= _digests.Length || _digests[chunk] is not { } digest || digest.AsSpan().SequenceEqual(sha256);

    /// <summary>The first line of the notes.</summary>
    public string Head => HeadWith(Size);

    /// <summary>The same before its size was known.</summary>
    public string EarlierHead => HeadWith(null);

    private string HeadWith(long? size) =>
        string.Create(CultureInfo.InvariantCulture, $"hypersend-download 2 {Key} {ChunkSize} {size?.ToString(CultureInfo.InvariantCulture) ?? "-"}");
}

/// <summary>What was fetched, or is going to be.</summary>
public sealed record FetchedFile
{
    /// <summary>Its name, as the server says it.</summary>
    public required string Filename { get; init; }

    /// <summary>In bytes; null while it is still coming and nobody knows.</summary>
    public required long? Size { get; init; }

    /// <summary>SHA-256 over the digests of its chunks; null where the server does not say it.</summary>
    public required string? Sha256Root { get; init; }

    /// <summary>Every byte was checked against that.</summary>
    public bool IsVerified { get; init; }

    internal static FetchedFile Of(SharedFile file) => new() { Filename = file.Filename, Size = file.Size, Sha256Root = file.Sha256Root };
}

/// <summary>Bytes came to harm on their way.</summary>
internal sealed class DamagedBytesException(string message) : IOException(message);
