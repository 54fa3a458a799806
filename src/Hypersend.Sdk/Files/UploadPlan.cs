using System.Security.Cryptography;
using Hypersend.Contracts.Ids;

namespace Hypersend.Sdk.Files;

/// <summary>What is to be sent, in what pieces, and what is known of them.</summary>
internal sealed class UploadPlan
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, byte[]> _digests = [];
    private HashSet<int> _here;
    private int _next;
    private bool _isOver;

    public UploadPlan(FileId id, long? size, int chunkSize, int? totalChunks, int maxParallel, IEnumerable<int[]> received)
    {
        (Id, Size, ChunkSize, TotalChunks, MaxParallel) = (id, size, chunkSize, totalChunks, maxParallel);
        _here = Indexes(received);
    }

    public FileId Id { get; }

    public long? Size { get; }

    public int ChunkSize { get; }

    public int? TotalChunks { get; }

    public int MaxParallel { get; }

    public long OffsetOf(int index) => (long)index * ChunkSize;

    /// <summary>The length it has to have; of an unknown size, the most that it can.</summary>
    public int LengthOf(int index) => Size is { } size ? (int)Math.Min(ChunkSize, size - OffsetOf(index)) : ChunkSize;

    public bool IsHere(int index)
    {
        lock (_gate)
            return _here.Contains(index);
    }

    /// <summary>The next chunk to look at; null when there is none any more.</summary>
    public int? Take()
    {
        lock (_gate)
        {
            while (!_isOver && (TotalChunks is not { } total || _next < total))
            {
                var index = _next++;
                if (!_digests.ContainsKey(index) || !_here.Contains(index))
                    return index;
            }

            return null;
        }
    }

    /// <summary>The stream has no more.</summary>
    public void Over()
    {
        lock (_gate)
            _isOver = true;
    }

    public void Landed(int index, byte[] sha256)
    {
        lock (_gate)
        {
            _here.Add(index);
            _digests[index] = sha256;
        }
    }

    /// <summary>Only these are there after all. False when that is nothing new.</summary>
    public bool Forget(IEnumerable<int[]> received)
    {
        lock (_gate)
        {
            var here = Indexes(received);
            if (here.IsSupersetOf(_digests.Keys))
                return false;
            (_here, _next, _isOver) = (here, 0, false);
            return true;
        }
    }

    /// <summary>SHA-256 over the digests of all chunks, in order.</summary>
    public string Root()
    {
        lock (_gate)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var digest in _digests.Values)
                hash.AppendData(digest);
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
    }

    public static HashSet<int> Indexes(IEnumerable<int[]> ranges) => [.. ranges.SelectMany(range => Enumerable.Range(range[0], range[1] - range[0] + 1))];
}
