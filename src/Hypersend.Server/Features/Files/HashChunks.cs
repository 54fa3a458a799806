using System.Buffers;
using Hypersend.Server.Platform.Threads;

namespace Hypersend.Server.Features.Files;

/// <summary>
/// Hashing is most of what an upload wants of the processors. On the threads that answer people, every step of a message would
/// wait in line behind a quarter of a megabyte of each upload; so while people talk it has threads of its own. When they are silent it
/// is done where the bytes came in, and where they still lie in the processor's cache.
/// </summary>
internal sealed class HashChunks(RightOfWay way) : IDisposable
{
    // Bulk work gets a tenth of a core while others want all of them, and all that is left otherwise.
    private const int StandsBackBy = 10;

    private readonly QuietThread[] _threads =
        [.. Enumerable.Range(1, Math.Max(1, Environment.ProcessorCount / 2)).Select(number => new QuietThread($"chunk hashing {number}", StandsBackBy))];

    private uint _next;

    /// <summary>The bytes have to stay until it is done.</summary>
    public Task AppendAsync(ChunkDigests digests, ReadOnlySequence<byte> bytes)
    {
        if (way.IsInUse)
            return _threads[Interlocked.Increment(ref _next) % (uint)_threads.Length].RunAsync(() => digests.Append(bytes));
        digests.Append(bytes);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        foreach (var thread in _threads)
            thread.Dispose();
    }
}
