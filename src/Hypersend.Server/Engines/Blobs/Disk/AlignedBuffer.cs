using System.Buffers;
using System.Runtime.InteropServices;

namespace Hypersend.Server.Engines.Blobs.Disk;

/// <summary>
/// Gathers bytes for one write past the page cache. Where a byte lies between two blocks is the same in memory and in the file,
/// so that all but the ends can go as they are.
/// </summary>
internal sealed class AlignedBuffer
{
    /// <summary>What the strictest of the usual disks asks for.</summary>
    public const int Block = 4096;

    /// <summary>Half of it costs half as much again for each byte, twice as much saves a fifth.</summary>
    public const int Length = 512 * 1024;

    private readonly Memory<byte> _memory;
    private int _from;
    private int _to;

    public AlignedBuffer()
    {
        var array = GC.AllocateUninitializedArray<byte>(Length + Block, pinned: true);
        var above = (int)(Marshal.UnsafeAddrOfPinnedArrayElement(array, 0) % Block);
        _memory = array.AsMemory((Block - above) % Block, Length);
    }

    public ReadOnlyMemory<byte> Bytes => _memory[_from.._to];

    public bool IsFull => _to == Length;

    /// <summary>Empty, for bytes whose first one goes to this place of the file.</summary>
    public AlignedBuffer At(long offset)
    {
        _from = _to = (int)(offset % Block);
        return this;
    }

    /// <summary>Takes what there is room for; how much that was.</summary>
    public int Fill(ReadOnlySequence<byte> bytes)
    {
        var count = (int)Math.Min(Length - _to, bytes.Length);
        bytes.Slice(0, count).CopyTo(_memory.Span[_to..]);
        _to += count;
        return count;
    }

    /// <summary>What lies before the first whole block, the whole blocks, and what lies behind them.</summary>
    public (ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Body, ReadOnlyMemory<byte> Tail) Parts()
    {
        var first = (_from + Block - 1) / Block * Block;
        var last = _to / Block * Block;
        return first >= last ? (Bytes, default, default) : (_memory[_from..first], _memory[first..last], _memory[last.._to]);
    }
}
