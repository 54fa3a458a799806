using System.Diagnostics.Metrics;

namespace Hypersend.Server.Features.Messages;

/// <summary>What the writer did.</summary>
internal static class MessageMetrics
{
    private static readonly Meter Meter = new("Hypersend.Messages");

    private static readonly Counter<long> SentMessages = Meter.CreateCounter<long>("hypersend.messages.sent", description: "Messages that were committed");

    private static readonly Counter<long> RefusedMessages = Meter.CreateCounter<long>("hypersend.messages.refused", description: "Messages that were refused, by code");

    private static readonly Histogram<int> BatchSize = Meter.CreateHistogram<int>("hypersend.messages.batch", description: "Messages in one commit");

    private static readonly UpDownCounter<long> Waiting = Meter.CreateUpDownCounter<long>(
        "hypersend.messages.queue", description: "Messages that wait for their commit, those of the running one included");

    public static void Waits() => Waiting.Add(1);

    public static void Answered(int messages) => Waiting.Add(-messages);

    public static void Committed(int messages)
    {
        SentMessages.Add(messages);
        BatchSize.Record(messages);
    }

    public static void Refused(string code) => RefusedMessages.Add(1, new KeyValuePair<string, object?>("code", code));
}
