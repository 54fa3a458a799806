using System.Buffers;
using System.Threading.Tasks.Sources;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Engines.Blobs.Disk;

/// <summary>
/// A part that goes straight to its place in the final file. The write itself runs on another thread, so that the caller can
/// hash the same bytes meanwhile. The object is its own awaitable: nothing is allocated per write.
/// </summary>
internal sealed class DiskBlobWrite(SharedFile file, OpenFiles files, BlobPlace place, DiskThreads writing, FreeSpace free) : IBlobWrite, IThreadPoolWorkItem, IValueTaskSource
{
    /// <summary>So much is written before the system is asked to begin with it: the flush at the end then waits for little.</summary>
    private const long PushEvery = 512 * 1024;

    private readonly List<ReadOnlyMemory<byte>> _segments = [];
    private ManualResetValueTaskSourceCore<bool> _written = new() { RunContinuationsAsynchronously = true };
    private long _length;
    private long _pending;
    private long _pushed;
    private bool _disposed;

    public ValueTask WriteAsync(ReadOnlySequence<byte> bytes, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, place.Length - _length, nameof(bytes));
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellation);
        if (bytes.IsEmpty)
            return ValueTask.CompletedTask;

        _segments.Clear();
        foreach (var segment in bytes)
        {
            if (!segment.IsEmpty)
                _segments.Add(segment);
        }

        _pending = bytes.Length;
        _written.Reset();
        writing.Queue(this);
        return new ValueTask(this, _written.Version);
    }

    public async ValueTask<string?> FinishAsync(CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        try
        {
            await file.FlushAsync().WaitAsync(cancellation);
            return null;
        }
        catch (StorageFullException exception)
        {
            // Some file systems only look for the place when they are made to keep what they took.
            free.Translate(exception);
            throw;
        }
    }

    public ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            files.Return(file);
        }

        return ValueTask.CompletedTask;
    }

    void IThreadPoolWorkItem.Execute()
    {
        try
        {
            file.Write(_segments, place.Offset + _length);
            _length += _pending;
            if (_length - _pushed >= PushEvery)
            {
                file.PushOut(place.Offset + _pushed, _length - _pushed);
                _pushed = _length;
            }

            _written.SetResult(true);
        }
        catch (Exception exception)
        {
            _written.SetException(free.Translate(exception));
        }
    }

    void IValueTaskSource.GetResult(short token) => _written.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _written.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _written.OnCompleted(continuation, state, token, flags);
}
