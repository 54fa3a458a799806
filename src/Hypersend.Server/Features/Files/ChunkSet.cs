using System.Numerics;

namespace Hypersend.Server.Features.Files;

/// <summary>Which chunks of a file are there: a bit each, at most a kilobyte or so. For one thread at a time.</summary>
internal sealed class ChunkSet
{
    private ulong[] _bits = [];

    public ChunkSet()
    {
    }

    public ChunkSet(IEnumerable<int> indexes)
    {
        foreach (var index in indexes)
            Add(index);
    }

    public int Count { get; private set; }

    public bool Contains(int index) => index >= 0 && index >> 6 < _bits.Length && (_bits[index >> 6] >> index & 1) != 0;

    /// <summary>False when it was there before.</summary>
    public bool Add(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, ChunkGrid.MaxChunks);
        if (Contains(index))
            return false;
        if (index >> 6 >= _bits.Length)
            Array.Resize(ref _bits, Math.Max(index / 64 + 1, _bits.Length * 2));
        _bits[index >> 6] |= 1UL << index;
        Count++;
        return true;
    }

    /// <summary>False when it was not there.</summary>
    public bool Remove(int index)
    {
        if (!Contains(index))
            return false;
        _bits[index >> 6] &= ~(1UL << index);
        Count--;
        return true;
    }

    /// <summary>What is there, as <c>[[from,to], …]</c>, both ends included.</summary>
    public int[][] Ranges()
    {
        var ranges = new List<int[]>();
        for (var from = Next(0, there: true); from < Limit; from = Next(from, there: true))
        {
            var end = Next(from, there: false);
            ranges.Add([from, end - 1]);
            from = end;
        }
        return [.. ranges];
    }

    /// <summary>What is not there of the first <paramref name="total"/> chunks, as <c>[[from,to], …]</c>, both ends included.</summary>
    public int[][] Missing(int total)
    {
        var ranges = new List<int[]>();
        for (var from = Next(0, there: false); from < total;)
        {
            var end = Math.Min(Next(from, there: true), total);
            ranges.Add([from, end - 1]);
            from = Next(end, there: false);
        }
        return [.. ranges];
    }

    /// <summary>How many chunks there are in a row from this one on.</summary>
    public int RunFrom(int index) => Next(index, there: false) - index;

    /// <summary>The highest chunk that is there; -1 when there is none.</summary>
    public int Last
    {
        get
        {
            for (var word = _bits.Length - 1; word >= 0; word--)
            {
                if (_bits[word] != 0)
                    return word * 64 + 63 - BitOperations.LeadingZeroCount(_bits[word]);
            }
            return -1;
        }
    }

    private int Limit => _bits.Length * 64;

    /// <summary>The first index from this one on that is (not) there; past the last word nothing is, and the search for "there" never ends.</summary>
    private int Next(int index, bool there)
    {
        for (var word = index >> 6; word < _bits.Length; word++)
        {
            var bits = there ? _bits[word] : ~_bits[word];
            if (word == index >> 6)
                bits &= ulong.MaxValue << index;
            if (bits != 0)
                return word * 64 + BitOperations.TrailingZeroCount(bits);
        }
        return there ? int.MaxValue : Math.Max(index, Limit);
    }
}
