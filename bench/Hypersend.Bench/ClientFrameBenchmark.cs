using BenchmarkDotNet.Attributes;
using Hypersend.Server.Realtime.Sockets;

namespace Hypersend.Bench;

/// <summary>Finds what a client sent, in the bytes as they came: one object, and sixteen in an array.</summary>
public class ClientFrameBenchmark
{
    private const string Send =
        """{"type":"message.send","id":17,"chat_id":"019a8f3c-5d0e-7c35-9a55-3f1f0d6c2b11","client_id":"c-000017","content":"Shall we meet at the lake at seven?"}""";

    private readonly byte[] _one = System.Text.Encoding.UTF8.GetBytes(Send);
    private readonly byte[] _sixteen = System.Text.Encoding.UTF8.GetBytes("[" + string.Join(',', Enumerable.Repeat(Send, 16)) + "]");
    private readonly List<ClientFrame> _frames = [];

    [Benchmark(Baseline = true)]
    public int One() => Read(_one);

    [Benchmark]
    public int Sixteen() => Read(_sixteen);

    private int Read(byte[] message)
    {
        _frames.Clear();
        return ClientFrameReader.TryRead(message, _frames) ? _frames.Count : throw new InvalidOperationException("It was not read.");
    }
}
