using System.Runtime.InteropServices;
using Hypersend.Server.Features.Messages;

namespace Hypersend.Server.Engines.Search.Segments;

/// <summary>
/// Makes the blocks of a segment: its messages in their order, then its terms in theirs, each with the numbers of the messages that
/// have it. A long list is cut into pieces that are found by their first number, so that it can be read from its newest end.
/// </summary>
internal sealed class SegmentWriter(long segment)
{
    public const int DocsInBlock = 256;

    // About as many numbers are read at once, however few of them are wanted.
    private const int MostOfPiece = 900;

    private readonly byte[] _block = new byte[Block.Most];
    private readonly byte[] _piece = new byte[MostOfPiece + Varint.Most];
    private readonly byte[] _docs = new byte[DocsInBlock * 3 * Varint.Most];
    private readonly List<(uint Term, uint First)> _termMap = [];
    private readonly List<long> _docMap = [];
    private int _used;
    private uint _lastTerm;
    private int _docsUsed;
    private long _lastAt;

    public long Id => segment;

    public int Docs { get; private set; }

    public long FirstAt { get; private set; }

    public long LastAt => _lastAt;

    /// <summary>What is ready; whoever keeps it takes it from here.</summary>
    public List<Block> Ready { get; } = [];

    public void Add(Doc doc)
    {
        if (Docs == 0)
            FirstAt = doc.At;
        if (Docs % DocsInBlock == 0)
        {
            EndDocs();
            _docMap.Add(doc.At);
            _lastAt = 0;
        }

        _docsUsed += Varint.Write(_docs.AsSpan(_docsUsed), (ulong)(doc.At - _lastAt));
        _docsUsed += Varint.Write(_docs.AsSpan(_docsUsed), (ulong)MessageKey.ChatOf(doc.Key));
        _docsUsed += Varint.Write(_docs.AsSpan(_docsUsed), (ulong)MessageKey.SeqOf(doc.Key));
        _lastAt = doc.At;
        Docs++;
    }

    /// <summary>The next term; the numbers ascend.</summary>
    public void Add(uint term, ReadOnlySpan<int> docs)
    {
        var from = 0;
        while (from < docs.Length)
        {
            var (first, last) = (docs[from], docs[from]);
            var length = Varint.Write(_piece, (uint)first);
            for (from++; from < docs.Length && length < MostOfPiece; from++)
            {
                length += Varint.Write(_piece.AsSpan(length), (uint)(docs[from] - last));
                last = docs[from];
            }

            AddPiece(term, (uint)first, _piece.AsSpan(0, length));
        }
    }

    public void End()
    {
        EndDocs();
        EndBlock();
        foreach (var (number, some) in _termMap.Chunk(Block.Most / (2 * sizeof(uint))).Index())
            Ready.Add(new Block(Block.IdOf(segment, Block.TermMap, number), MemoryMarshal.AsBytes<(uint, uint)>(some).ToArray()));
        foreach (var (number, some) in _docMap.Chunk(Block.Most / sizeof(long)).Index())
            Ready.Add(new Block(Block.IdOf(segment, Block.DocMap, number), MemoryMarshal.AsBytes<long>(some).ToArray()));
    }

    private void AddPiece(uint term, uint first, ReadOnlySpan<byte> piece)
    {
        if (_used + (2 * Varint.Most) + piece.Length > Block.Most)
            EndBlock();
        if (_used == 0)
        {
            _termMap.Add((term, first));
            _lastTerm = 0;
        }

        _used += Varint.Write(_block.AsSpan(_used), term - _lastTerm);
        _used += Varint.Write(_block.AsSpan(_used), (uint)piece.Length);
        piece.CopyTo(_block.AsSpan(_used));
        _used += piece.Length;
        _lastTerm = term;
    }

    private void EndBlock()
    {
        if (_used > 0)
            Ready.Add(new Block(Block.IdOf(segment, Block.Terms, _termMap.Count - 1), _block.AsSpan(0, _used).ToArray()));
        _used = 0;
    }

    private void EndDocs()
    {
        if (_docsUsed > 0)
            Ready.Add(new Block(Block.IdOf(segment, Block.Docs, _docMap.Count - 1), _docs.AsSpan(0, _docsUsed).ToArray()));
        _docsUsed = 0;
    }
}
