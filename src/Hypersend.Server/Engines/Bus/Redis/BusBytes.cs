using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Hypersend.Server.Engines.Bus.Redis;

/// <summary>Numbers of fixed length, and blocks that begin with theirs.</summary>
internal readonly struct BusBytesWriter(ArrayBufferWriter<byte> output)
{
    private const int LengthBytes = 4;

    public void Byte(byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }

    public void Long(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(output.GetSpan(8), value);
        output.Advance(8);
    }

    public void Guid(Guid value)
    {
        value.TryWriteBytes(output.GetSpan(16), bigEndian: true, out _);
        output.Advance(16);
    }

    public void Block(ReadOnlySpan<byte> bytes)
    {
        BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(LengthBytes), bytes.Length);
        output.Advance(LengthBytes);
        output.Write(bytes);
    }

    /// <summary>What is written from here on is one block, until it is ended with what this gives back.</summary>
    public int BeginBlock()
    {
        output.GetSpan(LengthBytes);
        output.Advance(LengthBytes);
        return output.WrittenCount;
    }

    public void EndBlock(int begun) => BinaryPrimitives.WriteInt32BigEndian(
        MemoryMarshal.AsMemory(output.WrittenMemory).Span[(begun - LengthBytes)..], output.WrittenCount - begun);
}

/// <summary>Reads what <see cref="BusBytesWriter"/> wrote; blocks are parts of the same bytes.</summary>
internal sealed class BusBytesReader(ReadOnlyMemory<byte> bytes)
{
    private ReadOnlyMemory<byte> _left = bytes;

    public bool IsAtEnd => _left.IsEmpty;

    public byte Byte() => Take(1).Span[0];

    public long Long() => BinaryPrimitives.ReadInt64BigEndian(Take(8).Span);

    public Guid Guid() => new(Take(16).Span, bigEndian: true);

    public ReadOnlyMemory<byte> Block() => Take(BinaryPrimitives.ReadInt32BigEndian(Take(4).Span));

    /// <summary>As many as it says, if there can be so many: each is at least so long.</summary>
    public IReadOnlyList<T> List<T>(int leastBytes, Func<BusBytesReader, T> read)
    {
        var count = Long();
        if (count < 0 || count > _left.Length / leastBytes)
            throw new InvalidDataException($"{count} items do not fit into {_left.Length} bytes.");
        var items = new T[count];
        for (var i = 0; i < items.Length; i++)
            items[i] = read(this);
        return items;
    }

    private ReadOnlyMemory<byte> Take(int length)
    {
        if (length < 0 || length > _left.Length)
            throw new InvalidDataException($"{length} bytes are not there.");
        var taken = _left[..length];
        _left = _left[length..];
        return taken;
    }
}
