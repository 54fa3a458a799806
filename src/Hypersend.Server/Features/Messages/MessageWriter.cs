using System.Threading.Channels;
using Hypersend.Contracts.Errors;
using Hypersend.Server.Platform;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Threads;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Messages;

/// <summary>
/// Group commit of messages: a lane takes all sends that wait, commits them together, tells the listeners, then answers
/// everybody. The cost of a send falls as the load rises, and an answer always means "on disk".
/// </summary>
internal sealed partial class MessageWriter(
    IMessageStore store, IBus bus, DueTimer due, RightOfWay way, TimeProvider clock, ILogger<MessageWriter> log) : BackgroundLoop(log)
{
    private const int QueueLimit = 8192;
    private const int BatchLimit = 512;

    private readonly Channel<PendingSend>[] _lanes =
    [
        .. Enumerable.Range(0, store.Lanes).Select(_ => Channel.CreateBounded<PendingSend>(
            new BoundedChannelOptions(QueueLimit) { SingleReader = true, AllowSynchronousContinuations = false })),
    ];

    /// <summary>Sends of one caller in one chat are appended in the order of these calls.</summary>
    public ValueTask<Result<SendOutcome>> SendAsync(NewMessage message)
    {
        var pending = new PendingSend(message);
        var lane = _lanes[(int)((uint)message.Chat.GetHashCode() % (uint)_lanes.Length)];
        if (!lane.Writer.TryWrite(pending))
            return ValueTask.FromResult<Result<SendOutcome>>(new Failure(ErrorCodes.Busy) { RetryAfter = TimeSpan.FromSeconds(1) });
        MessageMetrics.Waits();
        return new ValueTask<Result<SendOutcome>>(pending.Answer);
    }

    protected override Task RunAsync(CancellationToken stopping) => Task.WhenAll(_lanes.Select(lane => ServeAsync(lane.Reader)));

    /// <summary>Takes no more, and answers who is waiting.</summary>
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var lane in _lanes)
            lane.Writer.TryComplete();
        return base.StopAsync(cancellationToken);
    }

    private async Task ServeAsync(ChannelReader<PendingSend> lane)
    {
        var batch = new List<PendingSend>(BatchLimit);
        while (await lane.WaitToReadAsync())
        {
            while (batch.Count < BatchLimit && lane.TryRead(out var next))
                batch.Add(next);
            await CommitAsync(batch);
            MessageMetrics.Answered(batch.Count);
            batch.Clear();
        }
    }

    private async Task CommitAsync(IReadOnlyList<PendingSend> batch)
    {
        using var first = way.Take();
        try
        {
            Answer(batch, await store.AppendAsync([.. batch.Select(pending => pending.Message)], clock.GetUtcNow(), CancellationToken.None));
        }
        catch (OutcomeUnknownException)
        {
            // A client id makes the second try find what the first one did. Without one nobody can tell.
            foreach (var pending in batch)
            {
                if (pending.Message.ClientId is null && pending.Message.Scheduled is null)
                    pending.Refuse(new Failure(ErrorCodes.OutcomeUnknown));
                else
                    await CommitAloneAsync(pending);
            }
        }
        catch (Exception exception) when (EngineFailures.Of(exception) is { } failure)
        {
            foreach (var pending in batch)
                pending.Refuse(failure);
        }
        catch (Exception exception)
        {
            // One of them broke it. Alone, it breaks only itself.
            BatchBroke(log, batch.Count, exception);
            foreach (var pending in batch)
                await CommitAloneAsync(pending);
        }
    }

    private async Task CommitAloneAsync(PendingSend pending)
    {
        try
        {
            Answer([pending], await store.AppendAsync([pending.Message], clock.GetUtcNow(), CancellationToken.None));
        }
        catch (Exception exception)
        {
            if (EngineFailures.Of(exception) is { } failure)
                pending.Refuse(failure);
            else
                pending.Break(exception);
        }
    }

    private void Answer(IReadOnlyList<PendingSend> batch, AppendedBatch appended)
    {
        var now = clock.GetUtcNow();
        var written = new Dictionary<long, ReadOnlyMemory<byte>>(batch.Count);
        foreach (var change in appended.Changes)
        {
            var events = new ChatEvent[change.Steps.Count];
            for (var i = 0; i < events.Length; i++)
            {
                var step = (MessageStep)change.Steps[i];
                var message = EventJson.OfMessage(MessageView.Neutral(step.Message, change.Chat, now));
                written[step.Message.Key] = message;
                if (step.Message.ExpiresAt is { } end)
                    due.Expect(end);
                events[i] = new ChatEvent(step.Rev, EventJson.OfMessageEvent(step.Type, change.Chat, step.Rev, message.Span), MessageKey.SeqOf(step.Message.Key));
            }

            bus.Publish(new ChatCommit(change.ChatNo, change.Chat, change.MembersVersion, events, []));
        }

        MessageMetrics.Committed(written.Count);
        for (var i = 0; i < batch.Count; i++)
        {
            if (!appended.Outcomes[i].Succeeded(out var sent, out var failure))
                batch[i].Refuse(failure);
            else if (!sent.Repeated && written.TryGetValue(sent.Row.Key, out var message))
                batch[i].Accept(new SendOutcome(message, Repeated: false));
            else
                batch[i].Accept(new SendOutcome(EventJson.OfMessage(MessageView.Neutral(sent.Row, batch[i].Message.Chat, now)), sent.Repeated));
        }
    }

    [LoggerMessage(310, LogLevel.Error, "A batch of {Count} messages broke; each is tried alone")]
    private static partial void BatchBroke(ILogger log, int count, Exception exception);

    /// <summary>A send that waits for its commit.</summary>
    private sealed class PendingSend(NewMessage message)
    {
        private readonly TaskCompletionSource<Result<SendOutcome>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public NewMessage Message => message;

        public Task<Result<SendOutcome>> Answer => _answer.Task;

        public void Accept(SendOutcome outcome) => _answer.TrySetResult(outcome);

        public void Refuse(Failure failure)
        {
            MessageMetrics.Refused(failure.Code);
            _answer.TrySetResult(failure);
        }

        public void Break(Exception exception) => _answer.TrySetException(exception);
    }
}
