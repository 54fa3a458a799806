using System.Threading.Tasks.Sources;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;
using Microsoft.Win32.SafeHandles;

namespace Hypersend.Server.Engines.Blobs.Disk;

/// <summary>
/// Reads with a handle of its own: opening costs microseconds, a reader holds its file also after it was deleted, and there is
/// no cache whose entries somebody would have to outlive.
/// </summary>
internal sealed class DiskBlobReader : IBlobReader, IThreadPoolWorkItem, IValueTaskSource<int>
{
    private readonly FileId _file;
    private readonly SafeFileHandle _handle;
    private readonly DiskCalls _calls;
    private readonly DiskThreads _reading;
    private readonly ReadFiles _readFiles;
    private ManualResetValueTaskSourceCore<int> _read = new() { RunContinuationsAsynchronously = true };
    private Memory<byte> _buffer;
    private long _offset;
    private bool _disposed;

    public DiskBlobReader(FileId file, SafeFileHandle handle, DiskCalls calls, DiskThreads reading, ReadFiles readFiles)
    {
        (_file, _handle, _calls, _reading, _readFiles) = (file, handle, calls, reading, readFiles);
        readFiles.Enter(file);
    }

    public ValueTask<int> ReadAsync(BlobPlace part, long offsetInPart, Memory<byte> buffer, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offsetInPart);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offsetInPart, part.Length);
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled<int>(cancellation);
        _buffer = buffer[..(int)Math.Min(buffer.Length, part.Length - offsetInPart)];
        if (_buffer.IsEmpty)
            return ValueTask.FromResult(0);
        _offset = part.Offset + offsetInPart;
        if (_calls.ReadCached(_handle, _buffer.Span, _offset) is > 0 and var cached)
            return ValueTask.FromResult(cached);
        _read.Reset();
        _reading.Queue(this);
        return new ValueTask<int>(this, _read.Version);
    }

    public ValueTask DisposeAsync()
    {
        if (!_disposed)
            _readFiles.Leave(_file);
        _disposed = true;
        _handle.Dispose();
        return ValueTask.CompletedTask;
    }

    void IThreadPoolWorkItem.Execute()
    {
        try
        {
            var count = RandomAccess.Read(_handle, _buffer.Span, _offset);
            if (count == 0)
                throw new EndOfStreamException("The file is shorter than its parts say.");
            _read.SetResult(count);
        }
        catch (Exception exception)
        {
            _read.SetException(DiskErrors.Translate(exception));
        }
    }

    int IValueTaskSource<int>.GetResult(short token) => _read.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token, flags);
}
