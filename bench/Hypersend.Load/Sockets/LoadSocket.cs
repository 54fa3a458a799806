using System.Buffers;

namespace Hypersend.Load.Sockets;

/// <summary>One client socket: what is half received, what waits to leave, and who listens to it.</summary>
internal sealed class LoadSocket(SocketLoop loop, int file, int tag, Dialect dialect, int person)
{
    private byte[] _received = [];
    private int _receivedLength;
    private byte[] _leaving = [];
    private int _leavingLength;
    private ArrayBufferWriter<byte>? _pieces;

    public int File { get; } = file;

    public int Tag { get; } = tag;

    public Dialect Dialect { get; } = dialect;

    /// <summary>Which of the crowd this is.</summary>
    public int Person { get; } = person;

    public bool IsUpgraded { get; set; }

    /// <summary>Everything that precedes live messages has been said.</summary>
    public bool IsReady { get; set; }

    public bool HasEnded { get; set; }

    public bool HasOutput => _leavingLength > 0;

    /// <summary>Null when nobody cares for what comes.</summary>
    public IEars? Ears { get; set; }

    /// <summary>The number expected next, of each sender heard here.</summary>
    public int[] Next { get; set; } = [];

    /// <summary>The bytes of a frame that is not complete yet, put in front of what comes now.</summary>
    public int TakeRest(Span<byte> room)
    {
        _received.AsSpan(0, _receivedLength).CopyTo(room);
        return _receivedLength;
    }

    public void KeepRest(ReadOnlySpan<byte> rest)
    {
        if (_received.Length < rest.Length)
            _received = new byte[Math.Max(rest.Length, 2 * _received.Length)];
        rest.CopyTo(_received);
        _receivedLength = rest.Length;
    }

    public void Queue(ReadOnlySpan<byte> text, int kind = Frames.Text)
    {
        _leavingLength += Frames.Write(Room(Frames.SizeOf(text.Length)), kind, text);
    }

    public void QueueRaw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        _leavingLength += bytes.Length;
    }

    public void Flush()
    {
        var sent = Libc.Send(File, _leaving.AsSpan(0, _leavingLength));
        if (sent < 0)
        {
            loop.End(this, "the other side has gone");
            return;
        }

        _leaving.AsSpan(sent, _leavingLength - sent).CopyTo(_leaving);
        _leavingLength -= sent;
    }

    public void Fail(string reason) => loop.Fail($"Socket {Tag} was told {reason}");

    /// <summary>A message in several frames: null until the last of them, then the whole.</summary>
    public ReadOnlyMemory<byte>? Gather(ReadOnlySpan<byte> piece, bool isLast)
    {
        _pieces ??= new ArrayBufferWriter<byte>();
        _pieces.Write(piece);
        if (!isLast)
            return null;
        var whole = _pieces.WrittenMemory;
        _pieces = null;
        return whole;
    }

    private Span<byte> Room(int length)
    {
        if (_leaving.Length < _leavingLength + length)
            Array.Resize(ref _leaving, Math.Max(_leavingLength + length, 2 * _leaving.Length));
        return _leaving.AsSpan(_leavingLength);
    }
}
