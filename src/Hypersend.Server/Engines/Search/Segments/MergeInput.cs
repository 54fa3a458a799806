namespace Hypersend.Server.Engines.Search.Segments;

/// <summary>A segment as it is read from its first block of a kind to its last, a few blocks ahead.</summary>
internal sealed class MergeInput(Segment segment)
{
    private readonly Doc[] _docs = new Doc[SegmentWriter.DocsInBlock];
    private readonly Queue<Block> _blocks = [];
    private byte[] _block = [];
    private int _at;
    private int _docCount;
    private int _docAt;
    private int _pieceEnd;

    /// <summary>What number each message has in the new segment.</summary>
    public int[] Numbers { get; } = new int[segment.Docs];

    public int DocsRead { get; set; }

    public bool HasDoc { get; private set; }

    public Doc Doc => _docs[_docAt];

    public bool HasTerm { get; private set; }

    public uint Term { get; private set; }

    /// <summary>Where the next blocks are to be read from, and where those of this kind end.</summary>
    public long Next { get; private set; }

    public long End { get; private set; }

    public void Begin(int kind) => (Next, End) = (Block.IdOf(segment.Id, kind, 0), Block.IdOf(segment.Id, kind + 1, 0));

    public void Take(IReadOnlyList<Block> blocks)
    {
        foreach (var block in blocks)
        {
            _blocks.Enqueue(block);
            Next = block.Id + 1;
        }
    }

    /// <summary>On to the next message; false when the next block has to be read first, or there is none.</summary>
    public bool TryNextDoc()
    {
        if (HasDoc && ++_docAt < _docCount)
            return true;
        if (HasDoc = _blocks.TryDequeue(out var block))
            (_docCount, _docAt) = (DocBlock.Decode(block.Bytes, _docs), 0);
        return HasDoc;
    }

    /// <summary>On to the next piece of a list; false when the next block has to be read first, or there is none.</summary>
    public bool TryNextTerm()
    {
        if (HasTerm && _at < _block.Length)
        {
            ReadHead();
            return true;
        }

        if (HasTerm = _blocks.TryDequeue(out var block))
        {
            (_block, _at, Term) = (block.Bytes, 0, 0);
            ReadHead();
        }

        return HasTerm;
    }

    /// <summary>The new numbers of the messages in this piece; it is passed.</summary>
    public void TakePiece(List<int> numbers)
    {
        for (var number = 0; _at < _pieceEnd;)
        {
            number += (int)Varint.Read(_block, ref _at);
            if (Numbers[number] >= 0)
                numbers.Add(Numbers[number]);
        }
    }

    private void ReadHead()
    {
        Term += (uint)Varint.Read(_block, ref _at);
        var length = (int)Varint.Read(_block, ref _at);
        _pieceEnd = _at + length;
    }
}
