using System.Collections.Concurrent;
using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Platform.Auth;

/// <summary>
/// Sessions in memory, so that a request costs no query. An end bites at once on the node where it happened, and elsewhere when it
/// is heard of, or by the poll within two seconds; when the poll has not answered lately, nothing here is trusted and the database
/// is asked.
/// </summary>
internal sealed class SessionCache(ISessionLedger ledger, IDiscretion discretion, TimeProvider clock)
{
    public static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(2);

    private const int Limit = 200_000;

    private static readonly TimeSpan TrustFor = TimeSpan.FromSeconds(4);

    private readonly ConcurrentDictionary<SessionId, SessionState> _sessions = new();
    private readonly ConcurrentDictionary<SessionId, SessionUse> _uses = new();
    private long _polledAt;
    private int _version;

    /// <summary>Sessions of this person (of anybody, when null) have to be read again: they may have ended.</summary>
    public event Action<UserId?>? Forgotten;

    /// <summary>These were ended or changed here, one session of a person or all: other nodes want to know.</summary>
    public event Action<UserId, SessionId?>? Ended;

    public async ValueTask<SessionState?> FindAsync(SessionId id, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();

        // A refresh moves the end of a session on without a word to us: what seems over is read again.
        if (!_sessions.TryGetValue(id, out var session) || !IsFresh() || session.ExpiresAt <= now)
            session = await LoadAsync(id, cancellation);
        return session is null || session.Disabled || session.ExpiresAt <= now ? null : session;
    }

    /// <summary>Remembers that the session was used; written in bulk later.</summary>
    public void Used(SessionState session) => Used(session.Id, session.UserId);

    public void Used(SessionId session, UserId user) =>
        _uses[session] = new SessionUse(session, user, clock.GetUtcNow(), discretion.IsHidden(user));

    public IReadOnlyList<SessionUse> TakeUses()
    {
        var taken = new List<SessionUse>();
        foreach (var id in _uses.Keys)
        {
            if (_uses.TryRemove(id, out var use))
                taken.Add(use);
        }

        return taken;
    }

    /// <summary>Forgets one session, or with null all of the user's, after it was changed here.</summary>
    public void Forget(UserId user, SessionId? id)
    {
        Hear(user, id);
        Ended?.Invoke(user, id);
    }

    /// <summary>Forgets what was changed somewhere.</summary>
    public void Hear(UserId user, SessionId? id)
    {
        // The version makes a load that began before this forget its answer instead of caching it.
        Interlocked.Increment(ref _version);
        if (id is { } one)
        {
            _sessions.TryRemove(one, out _);
        }
        else
        {
            foreach (var (key, state) in _sessions)
            {
                if (state.UserId == user)
                    _sessions.TryRemove(key, out _);
            }
        }

        Forgotten?.Invoke(user);
    }

    /// <summary>Forgets everything: too much may have been missed to tell what.</summary>
    public void ForgetAll()
    {
        Interlocked.Increment(ref _version);
        _sessions.Clear();
        Forgotten?.Invoke(null);
    }

    public void PollAnswered() => Interlocked.Exchange(ref _polledAt, clock.GetTimestamp());

    private bool IsFresh() => clock.GetElapsedTime(Interlocked.Read(ref _polledAt)) < TrustFor;

    private async Task<SessionState?> LoadAsync(SessionId id, CancellationToken cancellation)
    {
        var version = Volatile.Read(ref _version);
        var session = await ledger.FindAsync(id, cancellation);
        if (session is null)
        {
            _sessions.TryRemove(id, out _);
            return null;
        }

        if (_sessions.Count >= Limit)
            _sessions.Clear();
        _sessions[id] = session;
        if (version != Volatile.Read(ref _version))
            _sessions.TryRemove(id, out _);
        return session;
    }
}
