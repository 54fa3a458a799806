using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Files;

/// <summary>
/// Adds to a claim in memory, where it is needed, the lease that holds for all servers. Whoever comes with the same chunk to another
/// server puts the first out and waits for its last write, as on one server; who died in the middle is waited for until its lease
/// ends.
/// </summary>
internal sealed partial class LeaseChunk(IChunkLeases leases, TimeProvider clock, ILogger<LeaseChunk> log)
{
    // A server that stood still for so long has lost what it was writing; its row would be refused.
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(200);

    private readonly ILogger _log = log;

    /// <summary>Null when the chunk has its row already. Not cancelled when it is refused: the claim is put out as by anybody else.</summary>
    public async ValueTask<ChunkLease?> HandleAsync(OpenUpload upload, ChunkClaim claim, CancellationToken cancellation)
    {
        if (!leases.AreNeeded)
            return ChunkLease.None;
        var (file, holder) = (upload.File.Id, Guid.CreateVersion7(clock.GetUtcNow()));
        long renewedAt;
        while (true)
        {
            // Before the question: by the clock of the database it ends later than this one says.
            renewedAt = clock.GetTimestamp();
            var answer = await leases.TakeAsync(file, claim.Chunk, holder, Length, cancellation);
            if (answer == LeaseAnswer.Written)
                return null;
            if (answer == LeaseAnswer.Taken)
                break;
            await Task.Delay(AskAgainAfter, clock, cancellation);
        }

        var ending = new CancellationTokenSource();
        return new ChunkLease(holder, ending, RenewAsync(), IsSure, KeepAsync, EndAsync);

        bool IsSure() => clock.GetElapsedTime(Volatile.Read(ref renewedAt)) < Length;

        async Task RenewAsync()
        {
            while (!ending.IsCancellationRequested)
            {
                await Task.Delay(RenewEvery, clock, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (ending.IsCancellationRequested)
                    return;
                var asked = clock.GetTimestamp();
                try
                {
                    if (!await leases.RenewAsync(file, claim.Chunk, holder, Length, ending.Token))
                        break;
                    Volatile.Write(ref renewedAt, asked);
                }
                catch (Exception exception) when (exception is OperationCanceledException || EngineFailures.Of(exception) is not null)
                {
                    // It is still ours for a while; after that nobody knows.
                    if (clock.GetElapsedTime(Volatile.Read(ref renewedAt)) > Length - (2 * RenewEvery))
                        break;
                }
            }

            if (!ending.IsCancellationRequested)
                await claim.SupersedeAsync();
        }

        Task<bool> KeepAsync() => leases.KeepAsync(file, claim.Chunk, holder, Length, CancellationToken.None);

        async Task EndAsync()
        {
            try
            {
                await leases.EndAsync(file, claim.Chunk, holder, CancellationToken.None);
            }
            catch (Exception exception) when (EngineFailures.Of(exception) is not null)
            {
                NotGivenBack(_log, exception);
            }
        }
    }

    [LoggerMessage(429, LogLevel.Warning, "The lease of a chunk could not be given back; another server waits until it ends")]
    private static partial void NotGivenBack(ILogger log, Exception exception);
}

/// <summary>The right to write a chunk into a file that several servers write.</summary>
internal sealed class ChunkLease(
    Guid? holder, CancellationTokenSource? ending, Task renewing, Func<bool> isSure, Func<Task<bool>> keep, Func<Task> end) : IAsyncDisposable
{
    /// <summary>Where the claim in memory is enough.</summary>
    public static readonly ChunkLease None = new(null, null, Task.CompletedTask, () => true, () => Task.FromResult(true), () => Task.CompletedTask);

    /// <summary>What its row must be shown; null where there is no lease.</summary>
    public Guid? Holder => holder;

    /// <summary>
    /// False when it may be somebody else's by now, as far as the clock tells: looked at before each write, as a server that stood still
    /// goes on before anybody has told it.
    /// </summary>
    public bool IsSure => isSure();

    /// <summary>The row is there, and the lease went with it.</summary>
    public bool IsSpent { get; set; }

    /// <summary>False when somebody else has it by now; when not, there is time for one more thing in that place.</summary>
    public Task<bool> KeepAsync() => keep();

    public async ValueTask DisposeAsync()
    {
        if (ending is null)
            return;
        await ending.CancelAsync();
        await renewing;
        ending.Dispose();
        if (!IsSpent)
            await end();
    }
}
