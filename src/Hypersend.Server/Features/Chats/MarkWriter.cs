using System.Threading.Channels;
using Hypersend.Contracts.Errors;
using Hypersend.Server.Platform;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Chats;

/// <summary>
/// Marks come in swarms: everybody reads the message that just came. All that wait move in one commit, and of several
/// moves of one mark only the furthest is written.
/// </summary>
internal sealed class MarkWriter(IMarkStore store, ILogger<MarkWriter> log) : BackgroundLoop(log)
{
    private const int QueueLimit = 8192;
    private const int BatchLimit = 256;

    private readonly Channel<PendingMark> _waiting = Channel.CreateBounded<PendingMark>(new BoundedChannelOptions(QueueLimit) { SingleReader = true });

    /// <summary>Completes when the mark is on disk. A value of null: not in the chat.</summary>
    public async Task<Result<MarkOutcome>> MoveAsync(MarkMove move)
    {
        var pending = new PendingMark(move);
        return _waiting.Writer.TryWrite(pending)
            ? await pending.Answer.Task
            : new Failure(ErrorCodes.Busy) { RetryAfter = TimeSpan.FromSeconds(1) };
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        _waiting.Writer.TryComplete();
        return base.StopAsync(cancellationToken);
    }

    protected override async Task RunAsync(CancellationToken stopping)
    {
        var batch = new List<PendingMark>(BatchLimit);
        while (await _waiting.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (batch.Count < BatchLimit && _waiting.Reader.TryRead(out var next))
                batch.Add(next);
            await CommitAsync(batch);
            batch.Clear();
        }
    }

    private async Task CommitAsync(IReadOnlyList<PendingMark> batch)
    {
        // The highest first: the lower ones of the same mark are then nothing to write.
        var ordered = batch.OrderByDescending(pending => pending.Move.Seq).ToList();
        try
        {
            var outcomes = await store.MoveAsync([.. ordered.Select(pending => pending.Move)], CancellationToken.None);
            for (var i = 0; i < ordered.Count; i++)
                ordered[i].Answer.TrySetResult(new MarkOutcome(outcomes[i]));
        }
        catch (Exception exception)
        {
            foreach (var pending in ordered)
            {
                if (EngineFailures.Of(exception) is { } failure)
                    pending.Answer.TrySetResult(failure);
                else
                    pending.Answer.TrySetException(exception);
            }
        }
    }

    private sealed record PendingMark(MarkMove Move)
    {
        public TaskCompletionSource<Result<MarkOutcome>> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>Where the marks are after a move; null when there was nothing to move for this person.</summary>
internal readonly record struct MarkOutcome(MovedMark? Moved);
