using System.Buffers;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Engines.Blobs.Sealed;

/// <summary>
/// Opens frames on their way to the caller: whole ones straight into the caller's memory. What is sealed is in a pooled
/// buffer only while it is read; a frame that the caller takes in pieces stays until its last byte was taken.
/// </summary>
/// <param name="inner">Reads what is stored.</param>
/// <param name="frame">The seal of this file; goes with the reader.</param>
/// <param name="hasRests">Whether the last frame of a part may lie where unfinished ones do.</param>
internal sealed class SealedReader(IBlobReader inner, Frame frame, bool hasRests) : IBlobReader
{
    // What is asked for usually is 256 KiB: three of them fit into a buffer of that size, four would need twice as much.
    private const int MostAtOnce = 3;

    private byte[]? _ahead;
    private (int Part, string? Name, int Number, int Length) _aheadIs;

    public async ValueTask<int> ReadAsync(BlobPlace part, long offsetInPart, Memory<byte> buffer, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offsetInPart);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offsetInPart, part.Length);
        if (offsetInPart == part.Length)
            return 0;
        var (number, skip) = ((int)(offsetInPart / Frame.Content), (int)(offsetInPart % Frame.Content));
        var length = Math.Min(Frame.Content, part.Length - (number * Frame.Content));
        var wanted = (part.Index, part.Name, number, length);
        if (_ahead is null || _aheadIs != wanted)
        {
            if (skip == 0 && length == Frame.Content && buffer.Length >= Frame.Content)
                return await ReadWholeAsync(part, number, buffer, cancellation);
            LetGo();
            await ReadAheadAsync(part, number, length, cancellation);
            _aheadIs = wanted;
        }

        var count = Math.Min(buffer.Length, length - skip);
        _ahead.AsSpan(Frame.NonceBytes + skip, count).CopyTo(buffer.Span);
        if (skip + count == length)
            LetGo();
        return count;
    }

    /// <summary>The content of the last frame of a part and which of the rests it is; -1 for one that lies at its own place.</summary>
    public async ValueTask<int> ReadLastAsync(BlobPlace part, Memory<byte> content, CancellationToken cancellation)
    {
        var number = (part.Length - 1) / Frame.Content;
        var length = part.Length - (number * Frame.Content);
        var which = await ReadAheadAsync(part, number, length, cancellation);
        _ahead.AsSpan(Frame.NonceBytes, length).CopyTo(content.Span);
        LetGo();
        return which;
    }

    public ValueTask DisposeAsync()
    {
        LetGo();
        frame.Dispose();
        return inner.DisposeAsync();
    }

    private async ValueTask<int> ReadWholeAsync(BlobPlace part, int number, Memory<byte> buffer, CancellationToken cancellation)
    {
        var frames = Math.Min(MostAtOnce, Math.Min(buffer.Length, part.Length - (number * Frame.Content)) / Frame.Content);
        var stored = ArrayPool<byte>.Shared.Rent(frames * Frame.Length);
        try
        {
            await FillAsync(SealedPlace.Of(part), (long)number * Frame.Length, stored.AsMemory(0, frames * Frame.Length), cancellation);
            for (var i = 0; i < frames; i++)
            {
                if (!frame.TryOpen(stored.AsSpan(i * Frame.Length, Frame.Length), buffer.Span.Slice(i * Frame.Content, Frame.Content), part.Index, number + i))
                    throw frame.Damaged(part.Index, number + i);
            }

            return frames * Frame.Content;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(stored);
        }
    }

    private async ValueTask<int> ReadAheadAsync(BlobPlace part, int number, int length, CancellationToken cancellation)
    {
        _ahead = ArrayPool<byte>.Shared.Rent(length + Frame.Extra);
        try
        {
            if (await TryReadAsync(SealedPlace.Of(part), (long)number * Frame.Length, part.Index, number, length, cancellation))
                return -1;
            for (var which = 0; which < SealedPlace.Rests && MayBeRest(length); which++)
            {
                if (await TryReadAsync(SealedPlace.RestOf(part, which), 0, part.Index, number, length, cancellation))
                    return which;
            }

            throw frame.Damaged(part.Index, number);
        }
        catch
        {
            LetGo();
            throw;
        }
    }

    private async ValueTask<bool> TryReadAsync(BlobPlace stored, long at, int part, int number, int length, CancellationToken cancellation)
    {
        var sealedFrame = _ahead.AsMemory(0, length + Frame.Extra);
        try
        {
            await FillAsync(stored, at, sealedFrame, cancellation);
        }
        catch (EngineUnavailableException exception) when (exception.InnerException is EndOfStreamException && MayBeRest(length))
        {
            // Nothing was ever written there.
            return false;
        }

        return frame.TryOpen(sealedFrame.Span, sealedFrame.Span.Slice(Frame.NonceBytes, length), part, number);
    }

    private bool MayBeRest(int length) => hasRests && length < Frame.Content;

    private async ValueTask FillAsync(BlobPlace stored, long at, Memory<byte> into, CancellationToken cancellation)
    {
        while (!into.IsEmpty)
        {
            var count = await inner.ReadAsync(stored, at, into, cancellation);
            at += count;
            into = into[count..];
        }
    }

    private void LetGo()
    {
        if (_ahead is not null)
            ArrayPool<byte>.Shared.Return(_ahead);
        _ahead = null;
    }
}
