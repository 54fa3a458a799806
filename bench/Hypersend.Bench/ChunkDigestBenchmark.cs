using System.Buffers;
using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Hypersend.Server.Features.Files;

namespace Hypersend.Bench;

/// <summary>What is computed of a chunk of 8 MiB while it passes, in the blocks in which it is received: SHA-256 and CRC-32.</summary>
public class ChunkDigestBenchmark
{
    private const int Chunk = 8 * 1024 * 1024;
    private const int Step = 256 * 1024;

    private readonly byte[] _bytes = RandomNumberGenerator.GetBytes(Step);

    [Benchmark]
    public byte[] Digests()
    {
        using var digests = new ChunkDigests(keepHead: false);
        for (var sum = 0; sum < Chunk; sum += Step)
            digests.Append(new ReadOnlySequence<byte>(_bytes));
        return digests.Sha256();
    }
}
