using System.Buffers;
using Hypersend.Server.Features.Files;

namespace Hypersend.Server.Engines.Blobs.Sealed;

/// <summary>
/// Gathers bytes into frames, and seals these where they lie before they go on. A frame is sealed when it is full or the
/// last, so that each is written once.
/// </summary>
/// <param name="inner">Takes the frames.</param>
/// <param name="frame">The seal of this file; goes with the write.</param>
/// <param name="place">The part, as the caller knows it.</param>
/// <param name="begun">What is here of it already.</param>
internal sealed class SealedWrite(IBlobWrite inner, Frame frame, BlobPlace place, SealedWrite.Begun? begun = null) : IBlobWrite
{
    private const int MostAtOnce = 3;

    private byte[]? _buffer;
    private int _number = begun is null ? 0 : begun.Length / Frame.Content;
    private int _gathered;
    private int _length = begun?.Length ?? 0;
    private bool _disposed;

    /// <summary>
    /// The beginning of a part that is written in several goes. Where its last frame is not full, it is gathered again from
    /// <paramref name="Rest"/>; <paramref name="OpenRest"/> is where the next such frame goes, and never over this one.
    /// </summary>
    internal sealed record Begun(int Length, ReadOnlyMemory<byte> Rest, Func<CancellationToken, ValueTask<IBlobWrite>> OpenRest);

    public async ValueTask WriteAsync(ReadOnlySequence<byte> bytes, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, place.Length - _length, nameof(bytes));
        cancellation.ThrowIfCancellationRequested();
        if (bytes.IsEmpty)
            return;
        _length += (int)bytes.Length;
        if (_buffer is null)
            Begin();
        var most = Math.Min(MostAtOnce, SealedPlace.FramesOf(place.Length)) * Frame.Content;
        while (!bytes.IsEmpty)
        {
            bytes = bytes.Slice(Gather(bytes));
            if (_gathered == most)
                await PassOnAsync(_gathered, cancellation);
        }
    }

    public async ValueTask<string?> FinishAsync(CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var rest = _gathered % Frame.Content;
        if (begun is null || rest == 0)
        {
            await PassOnAsync(_gathered, cancellation);
            return await inner.FinishAsync(cancellation);
        }

        // Its own place is for the whole frame: the rest that counts now must be there until the next one does.
        await PassOnAsync(_gathered - rest, cancellation);
        await using var kept = await begun.OpenRest(cancellation);
        frame.Seal(_buffer.AsSpan(0, rest + Frame.Extra), place.Index, _number);
        await kept.WriteAsync(new ReadOnlySequence<byte>(_buffer!, 0, rest + Frame.Extra), cancellation);
        _gathered = 0;

        // Begun together, they share a flush where the store has one for both.
        var keeping = kept.FinishAsync(cancellation).AsTask();
        var name = await inner.FinishAsync(cancellation);
        await keeping;
        return name;
    }

    public ValueTask DisposeAsync()
    {
        if (_disposed)
            return ValueTask.CompletedTask;
        _disposed = true;
        if (_buffer is not null)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
        frame.Dispose();
        return inner.DisposeAsync();
    }

    private void Begin()
    {
        _buffer = ArrayPool<byte>.Shared.Rent(Math.Min(MostAtOnce * Frame.Length, SealedPlace.LengthOf(place.Length)));
        if (begun is null)
            return;
        begun.Rest.Span.CopyTo(_buffer.AsSpan(Frame.NonceBytes));
        _gathered = begun.Rest.Length;
    }

    /// <summary>Takes as much as goes into one frame; how much that was.</summary>
    private int Gather(ReadOnlySequence<byte> bytes)
    {
        var (into, at) = (_gathered / Frame.Content, _gathered % Frame.Content);
        var count = (int)Math.Min(Frame.Content - at, bytes.Length);
        bytes.Slice(0, count).CopyTo(_buffer.AsSpan((into * Frame.Length) + Frame.NonceBytes + at));
        _gathered += count;
        return count;
    }

    /// <summary>Seals so many of the bytes that are gathered, to the end of a frame, and writes them; what is behind them comes to the front.</summary>
    private async ValueTask PassOnAsync(int count, CancellationToken cancellation)
    {
        if (count == 0)
            return;
        var frames = SealedPlace.FramesOf(count);
        for (var i = 0; i < frames; i++)
        {
            var length = Math.Min(Frame.Content, count - (i * Frame.Content));
            frame.Seal(_buffer.AsSpan(i * Frame.Length, length + Frame.Extra), place.Index, _number + i);
        }

        await inner.WriteAsync(new ReadOnlySequence<byte>(_buffer!, 0, SealedPlace.LengthOf(count)), cancellation);
        _number += frames;
        _gathered -= count;
        if (_gathered > 0)
            _buffer.AsSpan((frames * Frame.Length) + Frame.NonceBytes, _gathered).CopyTo(_buffer.AsSpan(Frame.NonceBytes));
    }
}
