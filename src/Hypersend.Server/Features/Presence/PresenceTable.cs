using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Auth;

namespace Hypersend.Server.Features.Presence;

/// <summary>
/// Who is here: whoever holds a connection on any node, and for a moment longer whoever has just lost theirs. In memory
/// only; other nodes are heard of by leases, which run out when nobody renews them.
/// </summary>
internal sealed class PresenceTable(TimeProvider clock) : IDiscretion
{
    /// <summary>For so long another node's word holds.</summary>
    public static readonly TimeSpan LeaseFor = TimeSpan.FromSeconds(60);

    /// <summary>Who comes back within this time was never away.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly Dictionary<UserId, Place> _people = [];
    private readonly HashSet<UserId> _elsewhere = [];
    private readonly HashSet<UserId> _moved = [];
    private readonly HashSet<UserId> _news = [];
    private readonly Queue<(UserId User, DateTimeOffset At)> _leaving = new();

    /// <summary>How somebody is now.</summary>
    public PresenceNow Of(UserId user)
    {
        lock (_gate)
            return _people.TryGetValue(user, out var place) ? place.Now(clock.GetUtcNow()) : PresenceNow.Offline;
    }

    /// <summary>Whether another node holds a connection of theirs, as far as is known here.</summary>
    public bool IsElsewhere(UserId user)
    {
        lock (_gate)
            return _people.TryGetValue(user, out var place) && place.IsElsewhere(clock.GetUtcNow());
    }

    public bool IsHidden(UserId user) => Of(user).Status == PresenceStatus.Invisible;

    /// <summary>How many people are here, on whichever node.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _people.Count;
        }
    }

    /// <summary>A connection of somebody begins. One that comes in the place of one just lost goes on with what was chosen there.</summary>
    public PresenceHold Enter(UserId user, SessionId session)
    {
        var hold = new PresenceHold(user, session);
        lock (_gate)
        {
            var (place, now) = (PlaceOf(user), clock.GetUtcNow());
            if (place.TakeLost(session, now) is { } chosen)
                hold.State = chosen;
            else if (place.Holds.Count == 0 && place.LeftAt + Grace > now)
                hold.State = place.Left;
            if (place.Holds.Count == 0)
                _news.Add(user);
            place.Holds.Add(hold);
            _moved.Add(user);
        }

        return hold;
    }

    /// <summary>The connection is over.</summary>
    public void Leave(PresenceHold hold)
    {
        lock (_gate)
        {
            if (!_people.TryGetValue(hold.User, out var place))
                return;
            var now = clock.GetUtcNow();
            var state = place.HereAt(now) ?? hold.State;
            if (!place.Holds.Remove(hold))
                return;
            _news.Add(hold.User);
            _moved.Add(hold.User);
            if (place.Holds.Count == 0)
            {
                Note(hold.User, place, state, now);
            }
            else if (hold.State.SetAt > 0 && !place.TryPassOn(hold))
            {
                place.Lose(hold, now);
                _leaving.Enqueue((hold.User, now));
            }
        }
    }

    /// <summary>Somebody says how they are, on one of their devices.</summary>
    public void Set(PresenceHold hold, PresenceStatus status)
    {
        lock (_gate)
        {
            hold.State = new PresenceState(status, clock.GetUtcNow().ToUnixTimeMilliseconds());
            _news.Add(hold.User);
            _moved.Add(hold.User);
        }
    }

    /// <summary>What another node says of those who are there.</summary>
    public void Hear(Guid node, IReadOnlyList<PresenceLease> leases)
    {
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            foreach (var lease in leases)
            {
                var place = PlaceOf(lease.User);
                var before = place.Now(now);
                place.Elsewhere ??= [];
                if (lease.IsHeld)
                {
                    place.Elsewhere[node] = (lease.State, now);
                    _elsewhere.Add(lease.User);
                }
                else if (place.Elsewhere.Remove(node))
                {
                    Note(lease.User, place, lease.State, now);
                }

                if (place.Now(now) != before)
                    _moved.Add(lease.User);
                ForgetWhenGone(lease.User, place, now);
            }
        }
    }

    /// <summary>What changed here since this was last asked, or with <paramref name="all"/> everybody who is here, for the other nodes.</summary>
    public IReadOnlyList<PresenceLease> TakeNews(bool all)
    {
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            if (all)
                _news.UnionWith(_people.Where(person => person.Value.Holds.Count > 0).Select(person => person.Key));
            var leases = new List<PresenceLease>(_news.Count);
            foreach (var user in _news)
            {
                if (!_people.TryGetValue(user, out var place))
                    leases.Add(new PresenceLease(user, default, IsHeld: false));
                else
                    leases.Add(new PresenceLease(user, place.HereAt(now) ?? place.Left, place.Holds.Count > 0));
            }

            _news.Clear();
            return leases;
        }
    }

    /// <summary>Who may be another way than when this was last asked: they came, said so, or their grace is over.</summary>
    public IReadOnlyList<(UserId User, PresenceNow Now)> TakeMoved()
    {
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            while (_leaving.TryPeek(out var leaving) && leaving.At + Grace <= now)
            {
                _leaving.Dequeue();
                _moved.Add(leaving.User);

                // What a device that does not come back had chosen counts no more, on other nodes as here.
                if (_people.TryGetValue(leaving.User, out var place) && place.Forget(now))
                    _news.Add(leaving.User);
            }

            RunOut(now);
            var moved = new List<(UserId, PresenceNow)>(_moved.Count);
            foreach (var user in _moved)
            {
                if (!_people.TryGetValue(user, out var one))
                    continue;
                moved.Add((user, one.Now(now)));
                ForgetWhenGone(user, one, now);
            }

            _moved.Clear();
            return moved;
        }
    }

    private void RunOut(DateTimeOffset now)
    {
        foreach (var user in _elsewhere.ToArray())
        {
            if (!_people.TryGetValue(user, out var place) || place.Elsewhere is not { Count: > 0 } nodes)
            {
                _elsewhere.Remove(user);
                continue;
            }

            foreach (var (node, heard) in nodes.Where(one => one.Value.HeardAt + LeaseFor <= now).ToArray())
            {
                nodes.Remove(node);
                Note(user, place, heard.State, heard.HeardAt);
                _moved.Add(user);
            }
        }
    }

    private Place PlaceOf(UserId user)
    {
        if (!_people.TryGetValue(user, out var place))
            _people[user] = place = new Place();
        return place;
    }

    private void Note(UserId user, Place place, PresenceState state, DateTimeOffset at)
    {
        if (at < place.LeftAt)
            return;
        (place.Left, place.LeftAt) = (state, at);
        _leaving.Enqueue((user, at));
    }

    private void ForgetWhenGone(UserId user, Place place, DateTimeOffset now)
    {
        if (place.Holds.Count == 0 && place.Elsewhere is not { Count: > 0 } && place.LeftAt + Grace <= now)
            _people.Remove(user);
    }

    /// <summary>Where somebody is: here, elsewhere, or just gone.</summary>
    private sealed class Place
    {
        private (SessionId Session, PresenceState State, DateTimeOffset At)[] _lost = [];

        public List<PresenceHold> Holds { get; } = new(1);

        public Dictionary<Guid, (PresenceState State, DateTimeOffset HeardAt)>? Elsewhere { get; set; }

        public PresenceState Left { get; set; }

        public DateTimeOffset LeftAt { get; set; } = DateTimeOffset.UnixEpoch;

        /// <summary>What their devices here say, those included that were lost a moment ago: each may come back.</summary>
        public PresenceState? HereAt(DateTimeOffset now)
        {
            if (Holds.Count == 0)
                return null;
            PresenceState? state = null;
            foreach (var hold in Holds)
                state = PresenceRules.Combine(state, hold.State);
            foreach (var (_, chosen, lostAt) in _lost)
            {
                if (lostAt + Grace > now)
                    state = PresenceRules.Combine(state, chosen);
            }

            return state;
        }

        public bool IsElsewhere(DateTimeOffset now)
        {
            if (Elsewhere is null)
                return false;
            foreach (var (_, heard) in Elsewhere)
            {
                if (heard.HeardAt + LeaseFor > now)
                    return true;
            }

            return false;
        }

        /// <summary>The same device has another connection, which goes on with what was chosen.</summary>
        public bool TryPassOn(PresenceHold hold)
        {
            if (Holds.Find(other => other.Session == hold.Session) is not { } next)
                return false;
            if (next.State.SetAt < hold.State.SetAt)
                next.State = hold.State;
            return true;
        }

        public void Lose(PresenceHold hold, DateTimeOffset now)
        {
            _lost = [.. _lost.Where(one => one.Session != hold.Session), (hold.Session, hold.State, now)];
        }

        /// <summary>What was chosen on this device before its connection was lost, if that was a moment ago.</summary>
        public PresenceState? TakeLost(SessionId session, DateTimeOffset now)
        {
            foreach (var one in _lost)
            {
                if (one.Session != session)
                    continue;
                _lost = [.. _lost.Where(other => other.Session != session)];
                return one.At + Grace > now ? one.State : null;
            }

            return null;
        }

        /// <summary>Whether anything was forgotten that has had its time.</summary>
        public bool Forget(DateTimeOffset now)
        {
            var before = _lost.Length;
            _lost = [.. _lost.Where(one => one.At + Grace > now)];
            return _lost.Length < before;
        }

        public PresenceNow Now(DateTimeOffset now)
        {
            var state = HereAt(now);
            if (Elsewhere is { } elsewhere)
            {
                foreach (var (_, heard) in elsewhere)
                {
                    if (heard.HeardAt + LeaseFor > now)
                        state = PresenceRules.Combine(state, heard.State);
                }
            }

            if (state is null && LeftAt + Grace > now)
                state = Left;
            return state switch
            {
                null => new PresenceNow(PresenceStatus.Offline, LeftAt > DateTimeOffset.UnixEpoch ? LeftAt : null),
                { Status: PresenceStatus.Invisible } hidden => new PresenceNow(hidden.Status, DateTimeOffset.FromUnixTimeMilliseconds(hidden.SetAt)),
                { } seen => new PresenceNow(seen.Status, null),
            };
        }
    }
}
