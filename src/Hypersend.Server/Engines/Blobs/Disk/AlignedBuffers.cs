using System.Collections.Concurrent;

namespace Hypersend.Server.Engines.Blobs.Disk;

/// <summary>As many buffers as keep a disk busy, made as they are needed. Who finds none goes through the page cache.</summary>
internal sealed class AlignedBuffers
{
    // 32 MiB when all are out.
    private const int Most = 64;

    private readonly ConcurrentStack<AlignedBuffer> _free = new();
    private int _lent;

    public AlignedBuffer? TryTake()
    {
        if (Interlocked.Increment(ref _lent) <= Most)
            return _free.TryPop(out var buffer) ? buffer : new AlignedBuffer();
        Interlocked.Decrement(ref _lent);
        return null;
    }

    public void Return(AlignedBuffer buffer)
    {
        _free.Push(buffer);
        Interlocked.Decrement(ref _lent);
    }
}
