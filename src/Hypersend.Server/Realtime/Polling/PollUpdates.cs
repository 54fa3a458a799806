using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Realtime;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Health;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime.Fanout;

namespace Hypersend.Server.Realtime.Polling;

/// <summary>
/// The socket's twin for networks without WebSocket: answers at once what happened since the cursors, or else waits for the
/// first thing that happens. While it waits it is one of the listeners, and costs the database nothing.
/// </summary>
internal sealed class PollUpdates(LiveHub hub, Hello hello, PresenceTable presence, Epoch epoch, TimeProvider clock) : IDrained, IDisposable
{
    private const int DefaultWait = 25;
    private const int LongestWait = 55;

    // What was committed together with the first event, or right after it, comes along.
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _draining = new();

    public async Task<Result<ReadyUpdates>> HandleAsync(Caller caller, UpdatesRequest request, CancellationToken cancellation)
    {
        if (!Cursors.Read(request.Cursors).Succeeded(out var cursors, out var wrong))
            return wrong;
        var listener = new PollListener(caller.UserId, caller.SessionId, clock.GetTimestamp());
        hub.Enter(listener);
        var hold = presence.Enter(caller.UserId, caller.SessionId);
        try
        {
            await hello.SitInAllAsync(listener, cancellation);
            var past = await ReadAsync(listener, cursors, cancellation);
            listener.Read(past.Read);
            var (frames, moved) = (past.Frames(request.State), (IReadOnlyList<OutFrame>)[]);
            var state = frames.Count > 0 || request.State is not null ? past.Own.Mark : OwnStates.Unknown;
            if (frames.Count == 0)
            {
                var heard = await WaitAsync(listener, Math.Clamp(request.Wait ?? DefaultWait, 0, LongestWait), cancellation);
                if (heard && request.State is not null)
                    (moved, state) = await ReadOwnAsync(listener, past, cancellation);
            }

            if (listener.HasSessionEnded)
                return new Failure(ErrorCodes.SessionEnded);

            // More came than is kept: it is all in the database, which the client's next poll reads. What was read last stands
            // last: should something have been heard after it, the state is not the client's, and its next poll says so.
            return new ReadyUpdates([.. frames, .. listener.Take() ?? [], .. moved], await epoch.ReadAsync(cancellation), state);
        }
        finally
        {
            hub.Exit(listener);
            presence.Leave(hold);
        }
    }

    public Task DrainAsync(CancellationToken cancellation) => _draining.CancelAsync();

    public void Dispose() => _draining.Dispose();

    private async Task<Past> ReadAsync(PollListener listener, IReadOnlyDictionary<ChatId, long> cursors, CancellationToken cancellation)
    {
        var (moved, states, read, removed) = (new List<ChatSync>(), new List<ChatState>(), new List<ListenedChat>(), new List<ChatId>());
        await foreach (var answer in hello.ReadAsync(listener, cursors, coversAll: true, cancellation))
        {
            moved.AddRange(answer.Moved.Select(one => one.Sync));
            states.AddRange(answer.States);
            read.AddRange(answer.Listened);
            removed.AddRange(answer.Removed);
        }

        return new Past(moved, new OwnStates(states), read, removed);
    }

    /// <summary>
    /// What happened has moved marks, too, and not every move is told by an event: those chats come with it, so that the
    /// client's next poll does not begin with all of them.
    /// </summary>
    private async Task<(IReadOnlyList<OutFrame> Frames, string State)> ReadOwnAsync(PollListener listener, Past past, CancellationToken cancellation)
    {
        var now = await ReadAsync(listener, past.Read.ToDictionary(chat => chat.Id, chat => chat.Rev), cancellation);
        var changed = now.Own.ChangedSince(past.Own);
        return (changed.Count == 0 ? [] : [Past.Synced(changed, [])], now.Own.Mark);
    }

    /// <summary>False when nothing happened.</summary>
    private async Task<bool> WaitAsync(PollListener listener, int seconds, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _draining.Token);
        try
        {
            await listener.Something.WaitAsync(TimeSpan.FromSeconds(seconds), clock, end.Token);
            await Task.Delay(Gather, clock, end.Token);
            return true;
        }
        catch (TimeoutException)
        {
            // Nothing happened, and that is the answer.
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The server stops: whatever came so far is the answer.
        }

        return false;
    }

    /// <summary>What was read for a poll, and what a socket would get for its hello.</summary>
    private sealed record Past(IReadOnlyList<ChatSync> Moved, OwnStates Own, IReadOnlyList<ListenedChat> Read, IReadOnlyList<ChatId> Removed)
    {
        /// <summary>None when no chat moved and the client knows its own states; a client that never had any asks for none.</summary>
        public IReadOnlyList<OutFrame> Frames(string? knownState) =>
            Moved.Count == 0 && Removed.Count == 0 && (knownState is null || knownState == Own.Mark)
                ? []
                : [.. Moved.Select(sync => OutFrame.Of(JsonSerializer.SerializeToUtf8Bytes(sync, HypersendJson.Wire.ChatSync), FrameKind.Answer)), Synced(Own.All, Removed)];

        public static OutFrame Synced(IReadOnlyList<ChatState> states, IReadOnlyList<ChatId> removed) =>
            OutFrame.Of(JsonSerializer.SerializeToUtf8Bytes(new Synced { Chats = states, Removed = removed, Last = true }, HypersendJson.Wire.Synced), FrameKind.Answer);
    }
}
