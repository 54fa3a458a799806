using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Platform.Turns;

/// <summary>
/// Lets one server of a cluster do what need not be done by all: who has the turn renews it while it works, and who dies with it is
/// followed by another when it has run out.
/// </summary>
internal sealed partial class TakeTurns(ITurnLedger ledger, TimeProvider clock, ILogger<TakeTurns> log)
{
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(4);

    private readonly ILogger _log = log;

    /// <summary>Null when it is somebody else's. What is done in it stops with its token, also when it is lost.</summary>
    public async Task<Turn?> TryTakeAsync(string name, CancellationToken stopping)
    {
        var holder = Guid.CreateVersion7(clock.GetUtcNow());
        if (!await ledger.TakeAsync(name, holder, Length, stopping))
            return null;
        var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        return new Turn(ending, RenewAsync(name, holder, ending), () => EndAsync(name, holder));
    }

    /// <summary>Asks again when a turn of somebody else has run out, should that one have died with it.</summary>
    public async Task AfterAsync(Action ask, CancellationToken stopping)
    {
        await Task.Delay(Length, clock, stopping);
        ask();
    }

    private async Task RenewAsync(string name, Guid holder, CancellationTokenSource ending)
    {
        var renewedAt = clock.GetTimestamp();
        while (true)
        {
            await Task.Delay(RenewEvery, clock, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ending.IsCancellationRequested)
                return;
            var asked = clock.GetTimestamp();
            try
            {
                if (!await ledger.TakeAsync(name, holder, Length, ending.Token))
                    break;
                renewedAt = asked;
            }
            catch (Exception exception) when (exception is OperationCanceledException || EngineFailures.Of(exception) is not null)
            {
                // It is still ours for a while; after that nobody knows.
                if (clock.GetElapsedTime(renewedAt) > Length - RenewEvery)
                    break;
            }
        }

        await ending.CancelAsync();
    }

    private async Task EndAsync(string name, Guid holder)
    {
        try
        {
            await ledger.EndAsync(name, holder, CancellationToken.None);
        }
        catch (Exception exception) when (EngineFailures.Of(exception) is not null)
        {
            NotGivenBack(_log, name, exception);
        }
    }

    [LoggerMessage(75, LogLevel.Warning, "The turn {Name} could not be given back; another server takes it when it has run out")]
    private static partial void NotGivenBack(ILogger log, string name, Exception exception);
}

/// <summary>The right to do something while no other server does it.</summary>
internal sealed class Turn(CancellationTokenSource ending, Task renewing, Func<Task> end) : IAsyncDisposable
{
    /// <summary>Cancelled when the server stops, and when the turn is somebody else's by now.</summary>
    public CancellationToken Token => ending.Token;

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await renewing;
        ending.Dispose();
        await end();
    }
}
