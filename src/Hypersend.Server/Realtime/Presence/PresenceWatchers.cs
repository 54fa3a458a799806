using System.Runtime.InteropServices;
using Hypersend.Contracts;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Realtime;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Realtime.Fanout;
using Hypersend.Server.Realtime.Sockets;

namespace Hypersend.Server.Realtime.Presence;

/// <summary>
/// Who watches whom on this node. What changed waits until it is told all at once, as one frame to each socket; a socket that
/// is behind with its messages is told later, and then only how it is by then.
/// </summary>
internal sealed class PresenceWatchers(PresenceTable table, IPresenceStore store, IBus bus, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<UserId, HashSet<PresenceWatch>> _watched = [];
    private readonly HashSet<UserId> _forgotten = [];
    private HashSet<PresenceWatch> _fresh = [];
    private HashSet<PresenceWatch> _due = [];

    // Only for the one who tells.
    private readonly Acquaintances _people = new(store, bus, clock);
    private readonly List<ChatChannel> _chats = [];
    private readonly List<byte> _words = [];
    private readonly Dictionary<(UserId User, PresenceStatus? Status), OutFrame> _frames = [];

    /// <summary>From now on a socket watches these instead of those it watched before.</summary>
    public PresenceWatch Watch(LiveSocket socket, PresenceWatch? before, IEnumerable<UserId> people)
    {
        var watch = new PresenceWatch(socket, people, clock.GetUtcNow());
        lock (_gate)
        {
            End(before);
            foreach (var user in watch.People)
                (CollectionsMarshal.GetValueRefOrAddDefault(_watched, user, out _) ??= []).Add(watch);
            if (watch.People.Count > 0)
                _fresh.Add(watch);
        }

        return watch;
    }

    public void Unwatch(PresenceWatch? watch)
    {
        lock (_gate)
            End(watch);
    }

    /// <summary>The socket may have missed what it was told: all of it is told once more.</summary>
    public void TellAgain(PresenceWatch? watch)
    {
        if (watch is null)
            return;
        lock (_gate)
        {
            watch.MarkAllSince(clock.GetUtcNow());
            if (!watch.IsOver)
                _fresh.Add(watch);
        }
    }

    /// <summary>Somebody's setting, blocks or followings changed: who watches them, and whom they watch, is looked at once more.</summary>
    public void Reconsider(UserId user, IEnumerable<Listener> theirs)
    {
        lock (_gate)
        {
            _forgotten.Add(user);
            Mark(user, _fresh);
            foreach (var socket in theirs.OfType<LiveSocket>())
            {
                if (socket.Watch is not { IsOver: false } watch)
                    continue;
                watch.MarkAll(afresh: false);
                _fresh.Add(watch);
            }
        }
    }

    /// <summary>
    /// Somebody left a chat, and with it perhaps all that tied them to those who watch them, and to whom they watch: neither
    /// waits for the other's next step to learn it.
    /// </summary>
    public void Left(UserId user, long chatNo, IReadOnlyCollection<Listener> theirs)
    {
        lock (_gate)
        {
            foreach (var socket in theirs.OfType<LiveSocket>())
                socket.Watch?.Leave(chatNo);
            Reconsider(user, theirs);
        }
    }

    /// <summary>Somebody came into a chat, perhaps again.</summary>
    public void Came(long chatNo, IReadOnlyCollection<Listener> theirs)
    {
        lock (_gate)
        {
            foreach (var socket in theirs.OfType<LiveSocket>())
                socket.Watch?.Return(chatNo);
        }
    }

    /// <summary>Whether somebody waits for a first answer, or for one that a change of rights calls for.</summary>
    public bool HasFresh => _fresh.Count > 0;

    /// <summary>Tells the fresh ones; with <paramref name="all"/> also what has moved. True when there was something to tell.</summary>
    public async Task<bool> TellAsync(bool all, CancellationToken cancellation)
    {
        var moved = all ? table.TakeMoved() : [];
        var watches = TakeDue(moved, all);
        if (watches.Count == 0)
            return false;
        var since = moved.Where(one => one.Now.Since is not null).ToDictionary(one => one.User, one => one.Now.Since);
        try
        {
            await _people.ReadAsync(watches.SelectMany(one => one.Marked).Concat(watches.Select(one => one.Watch.Socket.User)), cancellation);

            // Two people may have met since this was read. That nobody has to wait half a minute for it, whoever would be refused is
            // read again when the list is newer than what refuses it.
            var doubtful = new HashSet<UserId>();
            var later = watches.Where(one => !Tell(one.Watch, since, doubtful)).Select(one => one.Watch).ToList();
            await _people.ReadAgainAsync(doubtful, cancellation);
            foreach (var watch in later)
                Tell(watch, since);
        }
        catch
        {
            lock (_gate)
                _due.UnionWith(watches.Select(one => one.Watch).Where(watch => !watch.IsOver));
            throw;
        }
        finally
        {
            _frames.Clear();
        }

        return true;
    }

    private List<(PresenceWatch Watch, UserId[] Marked)> TakeDue(IReadOnlyList<(UserId User, PresenceNow Now)> moved, bool all)
    {
        lock (_gate)
        {
            foreach (var user in _forgotten)
                _people.Forget(user);
            _forgotten.Clear();
            foreach (var (user, now) in moved)
                Mark(user, _due, now.Shown);
            var taken = _fresh;
            _fresh = [];
            if (all)
            {
                taken.UnionWith(_due);
                _due = [];
            }

            return [.. taken.Where(watch => !watch.IsOver).Select(watch => (watch, watch.MarkedPeople().ToArray()))];
        }
    }

    /// <summary>
    /// False when nothing was told yet, because somebody would be refused by what may be too old: they are added to
    /// <paramref name="doubtful"/>.
    /// </summary>
    private bool Tell(PresenceWatch watch, Dictionary<UserId, DateTimeOffset?> since, HashSet<UserId>? doubtful = null)
    {
        Seats(watch);
        var isDoubtful = false;
        lock (_gate)
        {
            if (watch.IsOver)
                return true;
            var news = watch.News(See, (user, status) => FrameOf(user, status, since.GetValueOrDefault(user)), _words);
            if (isDoubtful)
                return false;
            foreach (var frame in OutFrame.Join(news, FrameKind.Passing))
            {
                if (watch.Socket.TryPass(frame))
                    continue;
                _due.Add(watch);
                return true;
            }

            watch.Told(_words);
            return true;
        }

        PresenceStatus? See(UserId user)
        {
            if (MaySee(watch, user))
                return table.Of(user) is var now && user == watch.Socket.User ? now.Status : now.Shown;
            foreach (var either in doubtful is null ? [] : new[] { user, watch.Socket.User })
            {
                if (!_people.IsFrom(either, watch.Since))
                    continue;
                doubtful!.Add(either);
                isDoubtful = true;
            }

            return null;
        }
    }

    private bool MaySee(PresenceWatch watch, UserId user) =>
        _people.Find(user) is { } watched && _people.Find(watch.Socket.User) is { } watcher
        && PresenceRules.MayWatch(watcher, watched, Acquaintances.Between(_chats, watched));

    private void Seats(PresenceWatch watch)
    {
        _chats.Clear();
        watch.Socket.CollectChannels(_chats);
        lock (_gate)
            watch.Thin(_chats);
    }

    private OutFrame FrameOf(UserId user, PresenceStatus? status, DateTimeOffset? since)
    {
        if (_frames.TryGetValue((user, status), out var frame))
            return frame;
        var word = (status ?? PresenceStatus.Offline).Word();
        var told = new PresenceEvent
        {
            UserId = user,
            Status = word,
            Presence = word,
            LastSeen = status switch
            {
                null => null,
                PresenceStatus.Offline => since ?? table.Of(user).Since ?? _people.Find(user)?.LastSeen,
                _ => clock.GetUtcNow(),
            },
        };
        return _frames[(user, status)] = OutFrame.Of(EventJson.Of(told, HypersendJson.Wire.PresenceEvent).Span, FrameKind.Passing);
    }

    /// <param name="user">Whom to look at once more.</param>
    /// <param name="into">Where those wait who watch them.</param>
    /// <param name="shown">How they are; who was told just that has nothing to look at. Null when rights changed.</param>
    private void Mark(UserId user, HashSet<PresenceWatch> into, PresenceStatus? shown = null)
    {
        if (!_watched.TryGetValue(user, out var watches))
            return;
        foreach (var watch in watches)
        {
            if (watch.Mark(user, shown))
                into.Add(watch);
        }
    }

    private void End(PresenceWatch? watch)
    {
        if (watch is null or { IsOver: true })
            return;
        watch.IsOver = true;
        _fresh.Remove(watch);
        _due.Remove(watch);
        foreach (var user in watch.People)
        {
            if (!_watched.TryGetValue(user, out var watches))
                continue;
            watches.Remove(watch);
            if (watches.Count == 0)
                _watched.Remove(user);
        }
    }
}
