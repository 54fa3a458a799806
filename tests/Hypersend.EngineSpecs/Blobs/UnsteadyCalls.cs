using System.Collections.Concurrent;
using System.Diagnostics;
using Hypersend.Server.Engines.Blobs.Disk;
using Microsoft.Win32.SafeHandles;

namespace Hypersend.EngineSpecs.Blobs;

/// <summary>The real disk, except for the calls that were told to fail or to wait.</summary>
internal sealed class UnsteadyCalls : DiskCalls
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<SafeFileHandle, bool> _handles = new();
    private readonly ConcurrentDictionary<SafeFileHandle, bool> _direct = new();
    private long _writtenDirect;
    private Exception? _nextFlush;
    private Exception? _nextWrite;
    private HeldFlush? _held;
    private int _flushes;

    public int Flushes => Volatile.Read(ref _flushes);

    /// <summary>How many handles were written to.</summary>
    public int Handles => _handles.Count;

    /// <summary>Whether a handle past the page cache was to be had.</summary>
    public bool HasDirect => !_direct.IsEmpty;

    /// <summary>How many bytes went past the page cache.</summary>
    public long WrittenDirect => Interlocked.Read(ref _writtenDirect);

    public void FailNextFlush(Exception exception) => Volatile.Write(ref _nextFlush, exception);

    public void FailNextWrite(Exception exception) => Volatile.Write(ref _nextWrite, exception);

    /// <summary>What the disk says of its room, where it is not asked itself.</summary>
    public long? Free { get; set; }

    public override long FreeBytes(string folder) => Free ?? base.FreeBytes(folder);

    /// <summary>No handle stays open. Who flushed lets go of its own a moment after it has told so, and then it is the last.</summary>
    public async Task AllClosedAsync(CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        while (_handles.Keys.Any(handle => !handle.IsClosed))
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Patience, "A handle stays open.");
            await Task.Delay(10, cancellation);
        }
    }

    /// <summary>The next flush waits until it is released.</summary>
    public HeldFlush HoldFlush()
    {
        var held = new HeldFlush();
        Volatile.Write(ref _held, held);
        return held;
    }

    public override void Write(SafeFileHandle file, IReadOnlyList<ReadOnlyMemory<byte>> segments, long offset)
    {
        _handles[file] = true;
        if (Interlocked.Exchange(ref _nextWrite, null) is { } failure)
            throw failure;
        base.Write(file, segments, offset);
        if (_direct.ContainsKey(file))
            Interlocked.Add(ref _writtenDirect, segments.Sum(segment => (long)segment.Length));
    }

    public override SafeFileHandle? OpenDirect(string path)
    {
        var handle = base.OpenDirect(path);
        if (handle is not null)
            _direct[handle] = true;
        return handle;
    }

    public override void Flush(SafeFileHandle file)
    {
        Interlocked.Increment(ref _flushes);
        Interlocked.Exchange(ref _held, null)?.Pass();
        if (Interlocked.Exchange(ref _nextFlush, null) is { } failure)
            throw failure;
        base.Flush(file);
    }
}

/// <summary>A flush that has begun and is not allowed to go on yet.</summary>
internal sealed class HeldFlush : IDisposable
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _released = new();

    public Task Begun => _begun.Task;

    public void Release() => _released.Set();

    public void Pass()
    {
        _begun.SetResult();
        _released.Wait();
    }

    public void Dispose() => _released.Dispose();
}
