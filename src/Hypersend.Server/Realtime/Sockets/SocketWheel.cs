using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using Hypersend.Contracts.Realtime;
using Hypersend.Server.Platform;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Realtime.Fanout;

namespace Hypersend.Server.Realtime.Sockets;

/// <summary>
/// The one clock of all sockets: every second a thirtieth of them gets its heartbeat, and those that do not read are looked
/// after. An idle socket has no timer of its own.
/// </summary>
internal sealed partial class SocketWheel(LiveHub hub, SessionCache sessions, TimeProvider clock, ILogger<SocketWheel> log) : BackgroundLoop(log)
{
    public const int HeartbeatSeconds = 30;

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly OutFrame NothingMoved = OutFrame.Of("""{"type":"heads","heads":{}}"""u8, FrameKind.Event);

    private readonly List<LiveSocket>[] _slots = [.. Enumerable.Range(0, HeartbeatSeconds).Select(_ => new List<LiveSocket>())];
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<LiveSocket, bool> _watched = new();
    private int _nextSlot;

    public TimeProvider Clock => clock;

    /// <summary>Puts an open socket where the fewest are.</summary>
    public void Add(LiveSocket socket)
    {
        lock (_gate)
        {
            _nextSlot = (_nextSlot + 1) % HeartbeatSeconds;
            socket.OnWheel = (_nextSlot, _slots[_nextSlot].Count);
            _slots[_nextSlot].Add(socket);
        }
    }

    public void Remove(LiveSocket socket)
    {
        lock (_gate)
        {
            var (slot, place) = socket.OnWheel;
            var sockets = _slots[slot];
            sockets[place] = sockets[^1];
            sockets[place].OnWheel = (slot, place);
            sockets.RemoveAt(sockets.Count - 1);
        }
    }

    public int Count
    {
        get
        {
            lock (_gate)
                return _slots.Sum(slot => slot.Count);
        }
    }

    public List<LiveSocket> All()
    {
        lock (_gate)
            return [.. _slots.SelectMany(slot => slot)];
    }

    /// <summary>This one does not read, or is being closed: it is looked at every second.</summary>
    public void Watch(LiveSocket socket) => _watched.TryAdd(socket, true);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Tick, clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            hub.NextBeat();
            LookAfterTheSlow();
            await BeatAsync(stopping);
        }
    }

    private void LookAfterTheSlow()
    {
        foreach (var (socket, _) in _watched)
        {
            if (!socket.LookAfter())
                _watched.TryRemove(socket, out _);
        }
    }

    private async Task BeatAsync(CancellationToken cancellation)
    {
        LiveSocket[] due;
        lock (_gate)
            due = [.. _slots[(int)(hub.Beat % HeartbeatSeconds)]];
        var moved = new List<ChatChannel>();
        foreach (var socket in due)
        {
            moved.Clear();
            socket.CollectChannels(moved, movedSince: hub.Beat - HeartbeatSeconds);
            socket.Tell(moved.Count == 0 ? NothingMoved : HeadsOf(moved));
            await CheckAsync(socket, cancellation);
        }
    }

    // Also those whose session ended unheard: by its time, or while this node was away.
    private async ValueTask CheckAsync(LiveSocket socket, CancellationToken cancellation)
    {
        try
        {
            if (await sessions.FindAsync(socket.Session, cancellation) is not { } session)
                socket.EndSession();
            else if (socket.TakeActivity())
                sessions.Used(session);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            NotChecked(log, exception);
        }
    }

    private static OutFrame HeadsOf(List<ChatChannel> moved)
    {
        var json = new ArrayBufferWriter<byte>(64 + (moved.Count * 64));
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, EventTypes.Heads);
            writer.WriteStartObject("heads"u8);
            foreach (var channel in moved)
                writer.WriteNumber(channel.Id.ToString(), channel.HandedRev);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return OutFrame.Of(json.WrittenSpan, FrameKind.Event);
    }

    [LoggerMessage(340, LogLevel.Warning, "The session of a socket could not be looked up; it is tried again with the next heartbeat")]
    private static partial void NotChecked(ILogger log, Exception exception);
}
