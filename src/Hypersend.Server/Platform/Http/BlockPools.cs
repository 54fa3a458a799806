using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace Hypersend.Server.Platform.Http;

/// <summary>
/// The memory that connections read into and write from. A connection that moves much gets blocks of 128 KiB, so that a
/// chunk passes in dozens of steps instead of thousands; but only few of them are out at any time: with thousands of
/// sockets that each move a little, large blocks are nothing but cache misses.
/// </summary>
internal sealed class BlockPools(TimeProvider clock) : IMemoryPoolFactory<byte>
{
    private readonly LargeBlocks _large = new();

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new BlockPool(_large, clock);

    /// <summary>The few large blocks, shared by all pools of the process.</summary>
    private sealed class LargeBlocks
    {
        public const int Length = 128 * 1024;
        private const int Most = 32;

        private readonly ConcurrentStack<Block> _free = new();
        private int _lent;

        /// <summary>Null when all are out.</summary>
        public Block? TryTake()
        {
            if (Volatile.Read(ref _lent) >= Most)
                return null;
            if (Interlocked.Increment(ref _lent) <= Most)
                return _free.TryPop(out var block) ? block.Lend() : new Block(Length, Return);
            Interlocked.Decrement(ref _lent);
            return null;
        }

        private void Return(Block block)
        {
            _free.Push(block);
            Interlocked.Decrement(ref _lent);
        }
    }

    private sealed class BlockPool(LargeBlocks large, TimeProvider clock) : MemoryPool<byte>
    {
        private const int SmallLength = 4096;

        // What lay unused for so long beyond so many is left of a rush.
        private const int MostUnused = 2048;
        private static readonly TimeSpan Unused = TimeSpan.FromMinutes(1);

        // The collector would come for it when it wants memory, which on a large machine is never.
        private const int WorthACollection = 16 * 1024;

        private readonly ConcurrentQueue<Block> _small = new();
        private readonly Lock _gate = new();
        private int _kept;
        private int _leastKept;
        private long _looked = clock.GetTimestamp();

        public override int MaxBufferSize => LargeBlocks.Length;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, MaxBufferSize);
            if (large.TryTake() is { } block)
                return block;
            if (minBufferSize > SmallLength)
                return new Block(minBufferSize, static _ => { });
            if (!_small.TryDequeue(out var small))
                return new Block(SmallLength, Keep);

            // Two at the same moment may miss the lowest: then a few more are left for the next look.
            if (Interlocked.Decrement(ref _kept) is var kept && kept < _leastKept)
                _leastKept = kept;
            return small.Lend();
        }

        protected override void Dispose(bool disposing)
        {
            // Blocks that are still out come back and are forgotten.
        }

        private void Keep(Block block)
        {
            _small.Enqueue(block);
            Interlocked.Increment(ref _kept);
            if (clock.GetElapsedTime(Volatile.Read(ref _looked)) >= Unused)
                LeaveUnused();
        }

        private void LeaveUnused()
        {
            if (!_gate.TryEnter())
                return;
            try
            {
                var left = 0;
                for (; left < _leastKept - MostUnused && _small.TryDequeue(out _); left++)
                    Interlocked.Decrement(ref _kept);
                _leastKept = Volatile.Read(ref _kept);
                Volatile.Write(ref _looked, clock.GetTimestamp());
                if (left >= WorthACollection)
                    GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
            }
            finally
            {
                _gate.Exit();
            }
        }
    }

    /// <summary>Pinned for good: the system reads into it and writes from it.</summary>
    private sealed class Block(int length, Action<Block> back) : IMemoryOwner<byte>
    {
        private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(length, pinned: true);
        private int _isBack;

        public Memory<byte> Memory => _bytes;

        public Block Lend()
        {
            Volatile.Write(ref _isBack, 0);
            return this;
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isBack, 1) == 0)
                back(this);
        }
    }
}
