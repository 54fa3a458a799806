using System.Collections.Concurrent;

namespace Hypersend.Sdk.Files;

/// <summary>
/// The memory in which chunks lie while they are on their way: blocks that go from hand to hand, and never more of them than was
/// said, whatever the size of the file.
/// </summary>
internal sealed class Blocks(int most) : IDisposable
{
    public const int Length = 1 << 20;

    private readonly ConcurrentBag<byte[]> _idle = [];
    private readonly SemaphoreSlim _free = new(most);

    /// <summary>A block; waits until somebody gives one back.</summary>
    public async ValueTask<byte[]> TakeAsync(CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation);
        return _idle.TryTake(out var block) ? block : GC.AllocateUninitializedArray<byte>(Length);
    }

    public void Give(List<byte[]> blocks)
    {
        foreach (var block in blocks)
            _idle.Add(block);
        if (blocks.Count > 0)
            _free.Release(blocks.Count);
        blocks.Clear();
    }

    public static int CountFor(long length) => (int)((length + Length - 1) / Length);

    public void Dispose() => _free.Dispose();
}
