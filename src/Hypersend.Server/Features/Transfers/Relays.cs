using System.Collections.Concurrent;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Realtime;
using Hypersend.Contracts.Transfers;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Health;

namespace Hypersend.Server.Features.Transfers;

/// <summary>The relays of this node: those that somebody is connected to.</summary>
internal sealed class Relays(ITransferStore store, TransferNews news, StoredCopy copy, RelayOwners owners, SessionCache sessions, TimeProvider clock) : IDrained
{
    // More often than whatever lies in between gives a quiet line up.
    private static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<TransferId, Relay> _open = new();
    private long _beatAt = clock.GetTimestamp();

    public TimeProvider Clock => clock;

    public int Count => _open.Count;

    /// <summary>Serves one side until it goes or the transfer is over.</summary>
    public async Task ServeAsync(TransferRow transfer, RelayRole role, RelaySide side)
    {
        Relay relay;
        do
            relay = _open.GetOrAdd(transfer.Id, static (_, made) => new Relay(made.Relays, made.Transfer), (Relays: this, Transfer: transfer));
        while (!TryAttach(relay, role, side));
        RelayMetrics.Came();
        try
        {
            await relay.ServeAsync(role, side);
        }
        finally
        {
            RelayMetrics.Went();
        }
    }

    /// <summary>The receiver who connects takes it.</summary>
    public async Task<TransferRow> AcceptAsync(TransferRow transfer, CancellationToken cancellation)
    {
        if (transfer.State != TransferStates.Offered
            || !await store.MoveAsync(transfer.Id, TransferStates.Offered, TransferStates.Accepted, endedAt: null, cancellation))
        {
            return transfer;
        }

        var accepted = transfer with { State = TransferStates.Accepted };
        news.Tell(EventTypes.TransferAccepted, accepted);
        return accepted;
    }

    /// <summary>It is over, for whichever reason.</summary>
    public void End(TransferId id, string word)
    {
        if (!_open.TryRemove(id, out var relay))
            return;
        relay.End(word);
    }

    public void Forget(Relay relay) => _open.TryRemove(new(relay.Transfer.Id, relay));

    public Task CancelAsync(Relay relay) => EndAsync(relay, TransferStates.Cancelled, EventTypes.TransferFailed, RelayWords.Cancel);

    public Task FinishAsync(Relay relay) => EndAsync(relay, TransferStates.Done, EventTypes.TransferDone, RelayWords.Done);

    public void TellProgress(TransferRow transfer, long received) => news.TellProgress(transfer, received, TransferRoutes.Relay);

    public Transfer Present(TransferRow transfer) => news.Present(transfer);

    /// <summary>All go somewhere else: this node stops.</summary>
    public Task DrainAsync(CancellationToken cancellation)
    {
        foreach (var relay in _open.Values)
            SendAway(relay);
        return Task.CompletedTask;
    }

    /// <summary>Ends those that ended elsewhere, or a moment ago here, or live elsewhere now, and cuts who is not signed in any more.</summary>
    public async Task CheckAsync(CancellationToken cancellation)
    {
        if (_open.IsEmpty)
            return;
        Beat();
        foreach (var side in _open.Values.SelectMany(relay => relay.Sides()))
        {
            if (await sessions.FindAsync(side.Session!.Id, cancellation) is null)
                side.Close(RelayWords.NotAuthenticated, ErrorCodes.SessionEnded);
        }

        foreach (var id in await store.EndedAmongAsync([.. _open.Keys], cancellation))
            End(id, await store.FindStateAsync(id, cancellation) == TransferStates.Done ? RelayWords.Done : RelayWords.Cancel);
        foreach (var id in await owners.LostAsync([.. _open.Keys], cancellation))
        {
            if (_open.TryGetValue(id, out var relay))
                SendAway(relay);
        }
    }

    private void Beat()
    {
        if (clock.GetElapsedTime(_beatAt) < BeatEvery)
            return;
        _beatAt = clock.GetTimestamp();
        foreach (var side in _open.Values.SelectMany(relay => relay.Sides()))
            side.TellAlive();
    }

    private void SendAway(Relay relay)
    {
        Forget(relay);
        relay.SendAway();
    }

    private bool TryAttach(Relay relay, RelayRole role, RelaySide side)
    {
        if (relay.TryAttach(role, side))
            return true;
        Forget(relay);
        return false;
    }

    private async Task EndAsync(Relay relay, string state, string told, string word)
    {
        var now = clock.GetUtcNow();
        var transfer = relay.Transfer;

        // Accepted long ago, or just now by the receiver's connecting.
        if (await store.MoveAsync(transfer.Id, TransferStates.Accepted, state, now, CancellationToken.None)
            || await store.MoveAsync(transfer.Id, TransferStates.Offered, state, now, CancellationToken.None))
        {
            // As it is now: it may have been stored since the relay began.
            var ended = await store.FindAsync(transfer.Id, transfer.SenderId, CancellationToken.None) ?? transfer with { State = state, EndedAt = now };
            news.Tell(told, ended);
            Forget(relay);
            relay.End(word);
            await copy.AfterAsync(ended);
            return;
        }

        Forget(relay);
        relay.End(word);
    }
}
