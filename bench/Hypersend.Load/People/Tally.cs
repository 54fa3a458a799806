using System.Collections.Concurrent;
using System.Net;

namespace Hypersend.Load.People;

/// <summary>What people did in one stretch of time: how long each kind of it took, and what went wrong.</summary>
internal sealed class Tally
{
    private readonly ConcurrentDictionary<string, Samples> _times = new();
    private readonly ConcurrentQueue<string> _faults = new();
    private int _heard;

    public int Count => _times.Values.Sum(samples => samples.Count);

    public int Faults => _faults.Count;

    /// <summary>The first of what went wrong.</summary>
    public string? Fault => _faults.FirstOrDefault();

    /// <summary>Frames that came on sockets.</summary>
    public int Heard => Volatile.Read(ref _heard);

    public IReadOnlyList<string> Deeds => [.. _times.Keys.Order(StringComparer.Ordinal)];

    public Samples Of(string deed) => _times.GetOrAdd(deed, _ => new Samples());

    public void Add(string deed, TimeSpan time, HttpStatusCode? status)
    {
        Of(deed).Add(time);
        if (status is { } code && (int)code >= 300)
            _faults.Enqueue($"{deed} answered {(int)code}");
    }

    public void Broke(string deed, Exception exception) => _faults.Enqueue($"{deed}: {exception.Message}");

    public void Hear() => Interlocked.Increment(ref _heard);

    /// <summary>Of the kind of deed that was slowest.</summary>
    public (string Deed, double Time) Slowest(double share) =>
        _times.Select(one => (one.Key, one.Value.Rank(share))).OrderByDescending(one => one.Item2).FirstOrDefault(("nothing", 0));
}
