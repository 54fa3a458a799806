using Hypersend.Server.Features.Messages;

namespace Hypersend.Server.Engines.Search.Segments;

/// <summary>Goes through a segment from its newest message back; it is only opened when its time has come.</summary>
internal sealed class SegmentScan(Segment segment, Doc before, long from, IReadOnlySet<long> chats)
{
    // So much is done before the other segments are looked at again, and the clock.
    private const int StepsAtOnce = 512;

    private readonly Doc[] _docs = new Doc[SegmentWriter.DocsInBlock];
    private AllOf? _numbers;
    private SegmentMap? _map;
    private int _next;
    private int _block = -1;

    public Segment Segment => segment;

    /// <summary>What comes from here is this one or older.</summary>
    public Doc Position { get; private set; } = Smaller(before with { Key = before.Key - 1 }, new Doc(segment.LastAt, long.MaxValue - 1));

    /// <summary>The position is a message that was found.</summary>
    public bool IsFound { get; private set; }

    public bool IsOver { get; private set; } = segment.LastAt < from || segment.FirstAt > before.At;

    /// <summary>How much was done so far.</summary>
    public int Steps => _numbers?.Steps ?? 0;

    /// <summary>On past what was found.</summary>
    public void Pass()
    {
        IsFound = false;
        Position = new Doc(Position.At, Position.Key - 1);
    }

    public async ValueTask AdvanceAsync(Func<Segment, ValueTask<(SegmentMap Map, AllOf Numbers)>> open, IBlockReader blocks)
    {
        if (_numbers is null)
        {
            (_map, _numbers) = await open(segment);
            _next = await LastBeforeAsync(blocks);
        }

        for (var end = _numbers.Steps + StepsAtOnce; _numbers.Steps < end;)
        {
            var (number, isFound) = await _numbers.SeekAsync(_next, end);
            if (number < 0)
            {
                IsOver = true;
                return;
            }

            if (number / SegmentWriter.DocsInBlock != _block)
                await ReadDocsAsync(number / SegmentWriter.DocsInBlock, blocks);
            Position = _docs[number % SegmentWriter.DocsInBlock];
            _next = isFound ? number - 1 : number;
            if (Position.At < from)
            {
                IsOver = true;
                return;
            }

            IsFound = isFound && chats.Contains(MessageKey.ChatOf(Position.Key));
            if (IsFound || !isFound)
                return;
        }
    }

    private async ValueTask<int> LastBeforeAsync(IBlockReader blocks)
    {
        if (new Doc(segment.LastAt, long.MaxValue - 1).CompareTo(before) < 0)
            return segment.Docs - 1;
        for (var block = _map!.DocBlockOf(before.At); block >= 0; block--)
        {
            await ReadDocsAsync(block, blocks);
            var first = block * SegmentWriter.DocsInBlock;
            for (var i = Math.Min(segment.Docs - first, SegmentWriter.DocsInBlock) - 1; i >= 0; i--)
            {
                if (_docs[i].CompareTo(before) < 0)
                    return first + i;
            }
        }

        return -1;
    }

    private async ValueTask ReadDocsAsync(int block, IBlockReader blocks)
    {
        DocBlock.Decode(await blocks.ReadAsync(Block.IdOf(segment.Id, Block.Docs, block)), _docs);
        _block = block;
    }

    private static Doc Smaller(Doc one, Doc other) => one.CompareTo(other) < 0 ? one : other;
}
