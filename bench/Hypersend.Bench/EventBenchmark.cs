using BenchmarkDotNet.Attributes;

namespace Hypersend.Bench;

/// <summary>From a message as it is stored to the bytes of its event, once for however many hear it.</summary>
public class EventBenchmark
{
    [Benchmark]
    public int Serialise() => SampleMessage.Event(chatNo: 7, seq: 1_000).Json.Length;
}
