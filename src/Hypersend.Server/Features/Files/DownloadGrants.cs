using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Files;

/// <summary>
/// Who may fetch a file as far as its retention goes, asked before the first byte and every few seconds while it runs;
/// and who has got which bytes of it. Whoever is the last one to get a file that waited for it, ends it.
/// </summary>
internal sealed class DownloadGrants(IRetentionStore store, ISweepStore sweep, TellOfFile tell, TimeProvider clock)
{
    /// <summary>Null when it may be fetched by this grantee: a person ("u:" and their id) or a visitor of a link ("l:" and what tells them apart).</summary>
    public async ValueTask<Failure?> RefuseAsync(FileRow file, string grantee, CancellationToken cancellation) =>
        await store.TakeAsync(file.Id, Taker.Read(grantee), clock.GetUtcNow(), cancellation);

    /// <summary>These bytes, both ends included, were sent to this person to the last one.</summary>
    public Task ServedAsync(FileRow file, UserId person, long from, long to, CancellationToken cancellation) =>
        ServedAsync(file, Taker.Of(person), from, to, cancellation);

    /// <summary>The same for whoever it was.</summary>
    public async Task ServedAsync(FileRow file, Taker taker, long from, long to, CancellationToken cancellation)
    {
        if (await store.ServedAsync(file.Id, taker, from, to, clock.GetUtcNow(), cancellation))
            await EndIfDoneAsync(file.Id, cancellation);
    }

    /// <summary>These bytes were on their way when the line broke.</summary>
    public Task HandedAsync(FileRow file, Taker taker, long from, long to, CancellationToken cancellation) =>
        store.HandedAsync(file.Id, taker, from, to, clock.GetUtcNow(), cancellation);

    /// <summary>The person has it and checked it.</summary>
    public async Task<Result<Done>> ReceivedAsync(FileId id, UserId person, CancellationToken cancellation)
    {
        if (await store.ReceivedAsync(id, person, clock.GetUtcNow(), cancellation) is { } refusal)
            return refusal;
        await EndIfDoneAsync(id, cancellation);
        return new Done();
    }

    // What a server that died here leaves behind, the sweeper finds.
    private async Task EndIfDoneAsync(FileId id, CancellationToken cancellation)
    {
        var times = SweepTimes.At(clock.GetUtcNow());
        foreach (var action in (string[])[SweepActions.EndDelivered, SweepActions.EndFetched])
        {
            if (await sweep.EndAsync(id, action, times, cancellation) is { } finished)
                await tell.HandleAsync(finished);
        }
    }
}
