using System.Runtime.InteropServices;

namespace Hypersend.Server.Engines.Search.Segments;

/// <summary>Where what begins in a segment: by this one number of a block is read, and no other.</summary>
internal sealed class SegmentMap
{
    private readonly ulong[] _terms;
    private readonly long[] _docs;

    public SegmentMap(IEnumerable<Block> blocks)
    {
        var (terms, docs) = (new List<ulong>(), new List<long>());
        foreach (var block in blocks)
        {
            if (block.Kind == Block.DocMap)
            {
                docs.AddRange(MemoryMarshal.Cast<byte, long>(block.Bytes));
                continue;
            }

            foreach (var (term, first) in MemoryMarshal.Cast<byte, (uint Term, uint First)>(block.Bytes))
                terms.Add(Entry(term, first));
        }

        (_terms, _docs) = ([.. terms], [.. docs]);
    }

    public int TermBlocks => _terms.Length;

    public int DocBlocks => _docs.Length;

    /// <summary>The block in which the piece stands that begins at this number or before it; -1 when there can be none.</summary>
    public int BlockOf(uint term, int doc)
    {
        var at = Array.BinarySearch(_terms, Entry(term, (uint)doc));
        return at >= 0 ? at : ~at - 1;
    }

    /// <summary>About how many blocks the list of a term takes.</summary>
    public int Weight(uint term) => BlockOf(term, int.MaxValue) - BlockOf(term, 0);

    /// <summary>The last block of messages that begins at this time or before it; -1 when all begin later.</summary>
    public int DocBlockOf(long at)
    {
        var (low, high) = (0, _docs.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_docs[middle] <= at)
                low = middle + 1;
            else
                high = middle;
        }

        return low - 1;
    }

    private static ulong Entry(uint term, uint first) => ((ulong)term << 32) | first;
}
