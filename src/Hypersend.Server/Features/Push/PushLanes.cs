using System.Diagnostics.CodeAnalysis;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Outbound;

namespace Hypersend.Server.Features.Push;

/// <summary>
/// Who may hold how many of the senders. Anybody can name an address that never answers: one person holds few, one owner of
/// addresses holds few, and all that have not shown that they answer leave half of them to those that have.
/// </summary>
internal sealed class PushLanes(TimeProvider clock)
{
    public const int All = 24;
    public const int MostOfPerson = 2;
    public const int MostOfOwner = 8;
    public const int MostOfStranger = 4;
    public const int MostOfStrangers = All / 2;

    private const int Patience = 5;
    private const int MostKnown = 10_000;

    private static readonly TimeSpan Full = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Host> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Owner> _owners = [];
    private readonly Dictionary<UserId, int> _people = [];
    private DateTimeOffset _swept = clock.GetUtcNow();
    private int _strangers;

    /// <summary>False when it may not be asked now, and how long to wait; a lane has to be given back by <see cref="Leave"/>.</summary>
    public bool TryEnter(UserId user, Uri endpoint, [NotNullWhen(true)] out PushLane? lane, out TimeSpan wait)
    {
        lane = null;
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            Sweep(now);
            var (name, owner) = (OutboundHost.NameOf(endpoint), OutboundHost.OwnerOf(endpoint));
            var host = _hosts.GetValueOrDefault(name);
            wait = host is null && _hosts.Count >= MostKnown ? FirstRest : host is not null && host.RestsUntil > now ? host.RestsUntil - now : TimeSpan.Zero;
            if (wait > TimeSpan.Zero)
                return false;
            var held = _owners.GetValueOrDefault(owner);
            var isStranger = host is not { HasAnswered: true, Failures: 0 };
            if (_people.GetValueOrDefault(user) >= MostOfPerson || held.Lanes >= MostOfOwner || host is { Failures: >= Patience, Running: > 0 } ||
                (isStranger && (held.Strange >= MostOfStranger || _strangers >= MostOfStrangers)))
            {
                wait = Full;
                return false;
            }

            if (host is null)
                _hosts[name] = host = new Host();
            lane = new PushLane(user, name, owner, isStranger);
            Count(lane, host, 1);
            return true;
        }
    }

    /// <summary>Whether it answered; null when it was not asked after all.</summary>
    public void Leave(PushLane lane, bool? answered)
    {
        lock (_gate)
        {
            var host = _hosts[lane.Host];
            Count(lane, host, -1);
            host.UsedAt = clock.GetUtcNow();
            if (answered is not { } yes)
                return;
            host.HasAnswered |= yes;
            host.Failures = yes ? 0 : host.Failures + 1;
            if (host.Failures < Patience)
                return;
            var rest = FirstRest * Math.Pow(2, Math.Min(host.Failures - Patience, 10));
            host.RestsUntil = host.UsedAt + (rest < LongestRest ? rest : LongestRest);
        }
    }

    private void Count(PushLane lane, Host host, int more)
    {
        host.Running += more;
        _strangers += lane.IsStranger ? more : 0;
        Put(_people, lane.User, _people.GetValueOrDefault(lane.User) + more);
        var held = _owners.GetValueOrDefault(lane.Owner);
        Put(_owners, lane.Owner, new Owner(held.Lanes + more, held.Strange + (lane.IsStranger ? more : 0)));
    }

    private static void Put<TKey, TCount>(Dictionary<TKey, TCount> counts, TKey key, TCount count)
        where TKey : notnull
        where TCount : struct
    {
        if (EqualityComparer<TCount>.Default.Equals(count, default))
            counts.Remove(key);
        else
            counts[key] = count;
    }

    // Forgets those that nobody asks any more.
    private void Sweep(DateTimeOffset now)
    {
        if (now - _swept < LongestRest)
            return;
        _swept = now;
        foreach (var (name, host) in _hosts)
        {
            if (host.Running == 0 && host.UsedAt + ForgottenAfter < now)
                _hosts.Remove(name);
        }
    }

    private readonly record struct Owner(int Lanes, int Strange);

    private sealed class Host
    {
        public int Running { get; set; }

        public int Failures { get; set; }

        public bool HasAnswered { get; set; }

        public DateTimeOffset UsedAt { get; set; }

        public DateTimeOffset RestsUntil { get; set; }
    }
}

/// <summary>One sender, held for one push.</summary>
internal sealed record PushLane(UserId User, string Host, string Owner, bool IsStranger);
