using Hypersend.Contracts.Ids;
using Microsoft.Win32.SafeHandles;

namespace Hypersend.Server.Engines.Blobs.Disk;

/// <summary>
/// One file that is open for all who write parts of it at the moment. They share its flushes: whoever asks gets the next
/// that starts, and while one runs all others gather for the one after it.
/// </summary>
internal sealed class SharedFile(FileId id, string path, SafeFileHandle handle, DiskCalls calls, OpenFiles files, DiskThreads flushing) : IThreadPoolWorkItem, IDisposable
{
    private const int InvalidArgument = 22; // EINVAL

    private readonly Lock _lock = new();
    private SafeFileHandle? _direct;
    private bool _hasNoDirect;
    private TaskCompletionSource? _next;
    private bool _running;
    private Exception? _broken;

    public FileId Id => id;

    public SafeFileHandle Handle => handle;

    public void Dispose()
    {
        handle.Dispose();
        _direct?.Dispose();
    }

    /// <summary>How many use it; counted by <see cref="OpenFiles"/> under its lock.</summary>
    public int Users { get; set; }

    public void Write(IReadOnlyList<ReadOnlyMemory<byte>> segments, long offset)
    {
        ThrowIfBroken();
        calls.Write(handle, segments, offset);
    }

    /// <summary>Writes past the page cache what is aligned to it; what is not, and where the file system cannot, goes through it.</summary>
    public void WriteDirect(AlignedBuffer buffer, long offset)
    {
        ThrowIfBroken();
        if (Direct() is not { } direct)
        {
            calls.Write(handle, [buffer.Bytes], offset);
            return;
        }

        var (head, body, tail) = buffer.Parts();
        if (!head.IsEmpty)
            calls.Write(handle, [head], offset);
        if (!body.IsEmpty)
            WriteBody(direct, body, offset + head.Length);
        if (!tail.IsEmpty)
            calls.Write(handle, [tail], offset + head.Length + body.Length);
    }

    public void PushOut(long offset, long length) => calls.PushOut(handle, offset, length);

    /// <summary>Completes with a flush that began after this call.</summary>
    public Task FlushAsync()
    {
        lock (_lock)
        {
            if (_broken is not null)
                return Task.FromException(DiskErrors.Translate(_broken));
            _next ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!_running)
            {
                _running = true;
                files.Keep(this);
                flushing.Queue(this);
            }

            return _next.Task;
        }
    }

    // Some file systems take the flag and refuse the write, others want it aligned to more than a block.
    private void WriteBody(SafeFileHandle direct, ReadOnlyMemory<byte> body, long offset)
    {
        try
        {
            calls.Write(direct, [body], offset);
        }
        catch (IOException exception) when (exception.HResult == InvalidArgument)
        {
            lock (_lock)
                _hasNoDirect = true;
            calls.Write(handle, [body], offset);
        }
    }

    private SafeFileHandle? Direct()
    {
        lock (_lock)
        {
            if (_hasNoDirect || _direct is not null)
                return _hasNoDirect ? null : _direct;
            _direct = calls.OpenDirect(path);
            _hasNoDirect = _direct is null;
            return _direct;
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (Begin() is { } gathered)
        {
            try
            {
                calls.Flush(handle);
                gathered.SetResult();
            }
            catch (Exception exception)
            {
                Break(exception, gathered);
            }
        }

        files.Return(this);
    }

    private TaskCompletionSource? Begin()
    {
        lock (_lock)
        {
            var gathered = _next;
            _next = null;
            _running = gathered is not null;
            return gathered;
        }
    }

    /// <summary>
    /// The system says once that it could not write, and forgets: it may call the lost pages clean, and a second flush would
    /// succeed over them. So nothing unanswered on this handle counts any more, and whoever comes next opens the file anew.
    /// </summary>
    private void Break(Exception exception, TaskCompletionSource gathered)
    {
        TaskCompletionSource? late;
        lock (_lock)
        {
            _broken = exception;
            late = _next;
            _next = null;
        }

        files.GiveUp(this);
        gathered.SetException(DiskErrors.Translate(exception));
        late?.SetException(DiskErrors.Translate(exception));
    }

    private void ThrowIfBroken()
    {
        lock (_lock)
        {
            if (_broken is not null)
                throw new IOException("An earlier flush of this file failed.", _broken.HResult);
        }
    }
}
