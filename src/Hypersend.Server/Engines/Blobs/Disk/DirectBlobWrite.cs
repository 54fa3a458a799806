using System.Buffers;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Engines.Blobs.Disk;

/// <summary>
/// A part that goes to its place past the page cache: copying it there costs more than all the rest of taking it in, and a file
/// larger than the memory only pushes out what others read. Bytes gather in one buffer while another is written.
/// </summary>
internal sealed class DirectBlobWrite(
    SharedFile file, OpenFiles files, BlobPlace place, DiskThreads writing, FreeSpace free, AlignedBuffers buffers, AlignedBuffer first) : IBlobWrite
{
    private AlignedBuffer _filling = first.At(place.Offset);
    private AlignedBuffer? _other;
    private Task _leaving = Task.CompletedTask;
    private long _taken;
    private long _left;
    private bool _disposed;

    public async ValueTask WriteAsync(ReadOnlySequence<byte> bytes, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, place.Length - _taken, nameof(bytes));
        cancellation.ThrowIfCancellationRequested();
        _taken += bytes.Length;
        while (!bytes.IsEmpty)
        {
            bytes = bytes.Slice(_filling.Fill(bytes));
            if (_filling.IsFull)
                await PassOnAsync();
        }
    }

    public async ValueTask<string?> FinishAsync(CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_filling.Bytes.IsEmpty)
            await PassOnAsync();
        await ToldAsync(_leaving);
        await ToldAsync(file.FlushAsync().WaitAsync(cancellation));
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;

        // Until the disk has done with it, neither the buffer nor the handle is free. Whether it went well is asked no more.
        await _leaving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        buffers.Return(_filling);
        if (_other is not null)
            buffers.Return(_other);
        files.Return(file);
    }

    /// <summary>Hands a buffer to the disk as soon as that has done with the one before.</summary>
    private async ValueTask PassOnAsync()
    {
        await ToldAsync(_leaving);
        var (buffer, offset) = (_filling, place.Offset + _left);
        _left += buffer.Bytes.Length;
        _leaving = writing.RunAsync(() => file.WriteDirect(buffer, offset), CancellationToken.None);
        _other ??= buffers.TryTake();
        if (_other is null)
            await ToldAsync(_leaving);
        else
            (_filling, _other) = (_other, buffer);
        _filling.At(place.Offset + _left);
    }

    /// <summary>A disk that is full makes what was known of its room worthless.</summary>
    private async ValueTask ToldAsync(Task call)
    {
        try
        {
            await call;
        }
        catch (StorageFullException exception)
        {
            free.Translate(exception);
            throw;
        }
    }
}
