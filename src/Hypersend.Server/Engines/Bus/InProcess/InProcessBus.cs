using System.Collections.Concurrent;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Engines.Bus.InProcess;

/// <summary>
/// The bus of a single node. A receiver only sorts a message in, so whoever publishes hands it over on the spot, and no other
/// thread has to wake first; while one does so, the others leave theirs with it. Bounded by what the messages weigh: beyond
/// that they are lost, and the listeners find the change by its rev.
/// </summary>
internal sealed partial class InProcessBus(ILogger<InProcessBus> log) : IBus, IThreadPoolWorkItem
{
    private const long MostBytes = 64 * 1024 * 1024;

    // Behind more than this, nobody is told who types or came: messages go first.
    private const long MostBytesBeforePassing = 1024 * 1024;

    // Nobody who publishes works for the others for long.
    private const int MostAtOnce = 64;

    private readonly ConcurrentQueue<BusMessage> _waiting = new();
    private Action<BusMessage>[] _receivers = [];
    private long _waitingBytes;
    private int _waitingCount;

    public void Publish(BusMessage message)
    {
        if (TryEnqueue(message) && Interlocked.Increment(ref _waitingCount) == 1)
            HandOver();
    }

    /// <summary>For one who has to go on reading: another thread hands it over.</summary>
    public void Offer(BusMessage message)
    {
        if (TryEnqueue(message) && Interlocked.Increment(ref _waitingCount) == 1)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private bool TryEnqueue(BusMessage message)
    {
        var weight = BusMessages.Weight(message);
        if (Interlocked.Add(ref _waitingBytes, weight) > (BusMessages.IsPassing(message) ? MostBytesBeforePassing : MostBytes))
        {
            Interlocked.Add(ref _waitingBytes, -weight);
            BusMetrics.Lost();
            return false;
        }

        _waiting.Enqueue(message);
        return true;
    }

    public void Subscribe(Action<BusMessage> receive)
    {
        lock (_waiting)
            _receivers = [.. _receivers, receive];
    }

    void IThreadPoolWorkItem.Execute() => HandOver();

    // Whoever raised the count from nothing is here until it is nothing again: one at a time.
    private void HandOver()
    {
        for (var done = 0; done < MostAtOnce; done++)
        {
            if (_waiting.TryDequeue(out var message))
            {
                Interlocked.Add(ref _waitingBytes, -BusMessages.Weight(message));
                foreach (var receive in Volatile.Read(ref _receivers))
                    HandOver(receive, message);
            }

            if (Interlocked.Decrement(ref _waitingCount) == 0)
                return;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void HandOver(Action<BusMessage> receive, BusMessage message)
    {
        try
        {
            receive(message);
        }
        catch (Exception exception)
        {
            ReceiverFailed(log, message.GetType().Name, exception);
        }
    }

    [LoggerMessage(320, LogLevel.Error, "A receiver of the bus failed on a {Message}; it was not given again")]
    private static partial void ReceiverFailed(ILogger log, string message, Exception exception);
}
