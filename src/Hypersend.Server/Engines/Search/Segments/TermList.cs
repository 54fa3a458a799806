namespace Hypersend.Server.Engines.Search.Segments;

/// <summary>The numbers of the messages of a segment that have a term, read from the newest back.</summary>
internal sealed class TermList(long segment, SegmentMap map, uint term, IBlockReader blocks) : INumbers
{
    private int[] _piece = [];
    private int _count;
    private int _next = -1;
    private int _blockNumber = -1;
    private byte[] _block = [];

    public int Weight { get; } = map.Weight(term);

    /// <summary>The greatest number up to <paramref name="most"/>, -1 when there is none. It never asks for more than it asked for before.</summary>
    public ValueTask<int> SeekAsync(int most)
    {
        if (_count > 0 && most >= _piece[0])
            return ValueTask.FromResult(InPiece(most));
        return most < 0 ? ValueTask.FromResult(-1) : ReadAsync(most);
    }

    private async ValueTask<int> ReadAsync(int most)
    {
        var number = map.BlockOf(term, most);
        if (number < 0)
            return -1;
        if (number != _blockNumber)
            (_blockNumber, _block) = (number, await blocks.ReadAsync(Block.IdOf(segment, Block.Terms, number)));
        return Decode(most) ? InPiece(most) : -1;
    }

    private int InPiece(int most)
    {
        // Mostly the one before the last that was asked for.
        for (var steps = 0; steps < 4 && _next >= 0; steps++, _next--)
        {
            if (_piece[_next] <= most)
                return _piece[_next];
        }

        var at = Array.BinarySearch(_piece, 0, _next + 1, most);
        _next = at >= 0 ? at : ~at - 1;
        return _piece[_next];
    }

    /// <summary>Reads the last piece of the term in this block that begins at this number or before it.</summary>
    private bool Decode(int most)
    {
        var (at, here, start, end) = (0, 0u, -1, 0);
        while (at < _block.Length)
        {
            here += (uint)Varint.Read(_block, ref at);
            var length = (int)Varint.Read(_block, ref at);
            if (here > term)
                break;
            if (here == term)
            {
                var first = at;
                if ((int)Varint.Read(_block, ref first) > most)
                    break;
                (start, end) = (at, at + length);
            }

            at += length;
        }

        if (start < 0)
            return false;
        if (_piece.Length < end - start)
            _piece = new int[Math.Max(end - start, 16)];
        (_count, at) = (0, start);
        for (var number = 0; at < end;)
            _piece[_count++] = number += (int)Varint.Read(_block, ref at);
        _next = _count - 1;
        return true;
    }
}
