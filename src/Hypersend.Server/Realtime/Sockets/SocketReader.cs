using System.Buffers;

namespace Hypersend.Server.Realtime.Sockets;

/// <summary>Finds whole messages of a client in the bytes that came. While nothing comes, it holds no buffer.</summary>
internal sealed class SocketReader
{
    private const int FirstBuffer = 4096;

    private byte[]? _buffer;
    private int _start;
    private int _end;

    // What is still to come of a frame that was too long.
    private ulong _toDrop;

    // The pieces of a message that came in several frames.
    private byte[]? _pieces;
    private int _piecesLength;
    private FrameOpcode _piecesOpcode;

    /// <summary>A longer message is not read but reported.</summary>
    public int Limit { get; set; }

    /// <summary>
    /// The next message that has come as a whole. Its bytes are good until the next call; when there is none, more has to
    /// be read and added.
    /// </summary>
    public bool TryTake(out SocketMessage message)
    {
        ReleasePieces();
        while (true)
        {
            message = default;
            if (_buffer is null || !Drop())
                return false;
            switch (FrameHead.TryRead(_buffer.AsSpan(_start, _end - _start), out var head))
            {
                case HeadReading.More:
                    return false;
                case HeadReading.Broken:
                    message = new SocketMessage(MessageKind.Broken, default);
                    return true;
            }

            if (head.Opcode < FrameOpcode.Close && head.PayloadLength + (ulong)_piecesLength > (ulong)Limit)
            {
                (_start, _toDrop) = (_start + head.Length, head.PayloadLength);
                message = new SocketMessage(MessageKind.TooBig, default);
                return true;
            }

            var length = (int)head.PayloadLength;
            if (_end - _start < head.Length + length)
                return false;
            var payload = _buffer.AsMemory(_start + head.Length, length);
            FrameHead.Unmask(payload.Span, head.Mask);
            _start += head.Length + length;
            if (Accept(head, payload, out message))
                return true;
        }
    }

    /// <summary>Takes in what came.</summary>
    public void Add(ReadOnlySequence<byte> bytes)
    {
        foreach (var segment in bytes)
        {
            MakeRoom(segment.Length);
            segment.Span.CopyTo(_buffer.AsSpan(_end));
            _end += segment.Length;
        }
    }

    /// <summary>Gives back what is not needed while nothing comes.</summary>
    public void Rest()
    {
        if (_start == _end)
            Release();
    }

    /// <summary>Gives everything back.</summary>
    public void End()
    {
        Release();
        _piecesOpcode = FrameOpcode.Continuation;
        ReleasePieces();
    }

    private bool Drop()
    {
        var now = (int)Math.Min(_toDrop, (ulong)(_end - _start));
        (_start, _toDrop) = (_start + now, _toDrop - (ulong)now);
        return _toDrop == 0;
    }

    private bool Accept(FrameHead head, ReadOnlyMemory<byte> payload, out SocketMessage message)
    {
        message = default;
        if (head.Opcode >= FrameOpcode.Close)
        {
            message = new SocketMessage(head.Opcode switch { FrameOpcode.Close => MessageKind.Close, FrameOpcode.Ping => MessageKind.Ping, _ => MessageKind.Pong }, payload);
            return true;
        }

        // A message goes on if and only if one has begun.
        if ((head.Opcode == FrameOpcode.Continuation) != (_piecesOpcode != FrameOpcode.Continuation))
        {
            message = new SocketMessage(MessageKind.Broken, default);
            return true;
        }

        if (head.IsFinal && head.Opcode != FrameOpcode.Continuation)
        {
            message = new SocketMessage(KindOf(head.Opcode), payload);
            return true;
        }

        if (head.Opcode != FrameOpcode.Continuation)
            _piecesOpcode = head.Opcode;
        Append(payload.Span);
        if (!head.IsFinal)
            return false;
        message = new SocketMessage(KindOf(_piecesOpcode), _pieces.AsMemory(0, _piecesLength));
        _piecesOpcode = FrameOpcode.Continuation;
        return true;
    }

    private static MessageKind KindOf(FrameOpcode opcode) => opcode == FrameOpcode.Text ? MessageKind.Text : MessageKind.Binary;

    private void Append(ReadOnlySpan<byte> piece)
    {
        _pieces ??= ArrayPool<byte>.Shared.Rent(Math.Max(FirstBuffer, piece.Length));
        if (_pieces.Length < _piecesLength + piece.Length)
            _pieces = Grow(_pieces, 0, _piecesLength, Math.Max(_pieces.Length * 2, _piecesLength + piece.Length));
        piece.CopyTo(_pieces.AsSpan(_piecesLength));
        _piecesLength += piece.Length;
    }

    private void MakeRoom(int length)
    {
        if (_buffer is null)
            (_buffer, _start, _end) = (ArrayPool<byte>.Shared.Rent(Math.Max(FirstBuffer, length)), 0, 0);
        if (_buffer.Length - _end >= length)
            return;
        if (_buffer.Length - (_end - _start) >= length)
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        else
            _buffer = Grow(_buffer, _start, _end, Math.Max(_buffer.Length * 2, _end - _start + length));
        (_start, _end) = (0, _end - _start);
    }

    private static byte[] Grow(byte[] buffer, int start, int end, int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent(size);
        buffer.AsSpan(start, end - start).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private void Release()
    {
        if (_buffer is { } buffer)
            ArrayPool<byte>.Shared.Return(buffer);
        _buffer = null;
    }

    // The bytes of a finished message are good until the next one is asked for.
    private void ReleasePieces()
    {
        if (_pieces is null || _piecesOpcode != FrameOpcode.Continuation)
            return;
        ArrayPool<byte>.Shared.Return(_pieces);
        (_pieces, _piecesLength) = (null, 0);
    }
}

/// <summary>One message of a client, unmasked and whole.</summary>
internal readonly record struct SocketMessage(MessageKind Kind, ReadOnlyMemory<byte> Payload);

internal enum MessageKind
{
    Text,
    Binary,
    Ping,
    Pong,
    Close,

    /// <summary>Longer than is read here.</summary>
    TooBig,

    /// <summary>Against the rules of WebSocket frames.</summary>
    Broken,
}
