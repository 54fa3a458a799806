using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Features.Transfers;

/// <summary>Which of several nodes has the two sides of a relay: the one that the first of them reached, as long as it renews that.</summary>
internal sealed class RelayOwners(ITransferStore store, TransferOptions options, TimeProvider clock)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(20);

    private long _renewedAt = clock.GetTimestamp();

    /// <summary>The address of the node that has it; null when it is this one. Who is silent has lost it.</summary>
    public async Task<string?> FindAsync(TransferId id, string? silent, CancellationToken cancellation)
    {
        if (options.NodeUrl is not { } here)
            return null;
        var now = clock.GetUtcNow();
        var owner = await store.ClaimAsync(id, new RelayClaim(here, silent, now, now + Lease), cancellation);
        return owner == here ? null : owner;
    }

    /// <summary>Renews those that are open here, and gives those that another node has taken.</summary>
    public async Task<IReadOnlyList<TransferId>> LostAsync(IReadOnlyCollection<TransferId> open, CancellationToken cancellation)
    {
        if (options.NodeUrl is not { } here)
            return [];
        if (clock.GetElapsedTime(_renewedAt) >= RenewEvery)
        {
            await store.RenewAsync(open, here, clock.GetUtcNow() + Lease, cancellation);
            _renewedAt = clock.GetTimestamp();
        }

        return await store.MovedAmongAsync(open, here, cancellation);
    }
}
