using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Realtime.Fanout;

namespace Hypersend.Server.Realtime.Presence;

/// <summary>
/// Who knows whom, as far as somebody here watches somebody: read for many at once, and again when it is half a minute old, or a few
/// seconds while changes of other nodes may not be heard of. Only for the one loop that tells.
/// </summary>
internal sealed class Acquaintances(IPresenceStore store, IBus bus, TimeProvider clock)
{
    private const int Most = 50_000;

    // SQLite finds a named parameter by going through all of them: five times as many cost as much again as the reading.
    private const int AtOnce = 100;

    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(30);

    // Who is blocked must not see for longer than five seconds.
    private static readonly TimeSpan GoodForUnheard = TimeSpan.FromSeconds(3);

    private readonly Dictionary<UserId, (Acquaintance? Person, DateTimeOffset At)> _known = [];

    private DateTimeOffset _unheardUntil = DateTimeOffset.MinValue;

    public Acquaintance? Find(UserId user) => _known.GetValueOrDefault(user).Person;

    public void Forget(UserId user) => _known.Remove(user);

    /// <summary>Whether what is known of somebody was read before that moment.</summary>
    public bool IsFrom(UserId user, DateTimeOffset before) => !_known.TryGetValue(user, out var known) || known.At < before;

    /// <summary>Reads those who are unknown, or not known well enough any more.</summary>
    public Task ReadAsync(IEnumerable<UserId> people, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (!bus.IsWhole)
            _unheardUntil = now;

        // What was read while nothing was heard is read once more when it is again.
        var old = !bus.IsWhole ? now - GoodForUnheard : _unheardUntil > now - GoodFor ? _unheardUntil : now - GoodFor;
        return ReadAgainAsync(people.Where(user => IsFrom(user, old)), cancellation);
    }

    public async Task ReadAgainAsync(IEnumerable<UserId> people, CancellationToken cancellation)
    {
        if (_known.Count > Most)
            _known.Clear();
        foreach (var some in people.Distinct().Chunk(AtOnce))
        {
            var now = clock.GetUtcNow();
            var found = (await store.FindAsync(some, cancellation)).ToDictionary(person => person.Id);
            foreach (var user in some)
                _known[user] = (found.GetValueOrDefault(user), now);
        }
    }

    /// <summary>Which chats a person has in common with a socket, which knows its own.</summary>
    public static Common Between(List<ChatChannel> mine, Acquaintance other)
    {
        var (i, j, common) = (0, 0, Common.None);
        while (i < mine.Count && j < other.Chats.Count)
        {
            if (mine[i].No < other.Chats[j])
            {
                i++;
            }
            else if (mine[i].No > other.Chats[j])
            {
                j++;
            }
            else if (mine[i].Type == ChatTypes.Direct)
            {
                return Common.Direct;
            }
            else
            {
                common = Common.Group;
                (i, j) = (i + 1, j + 1);
            }
        }

        return common;
    }
}
