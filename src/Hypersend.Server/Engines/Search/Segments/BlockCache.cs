using System.Collections.Concurrent;

namespace Hypersend.Server.Engines.Search.Segments;

/// <summary>
/// Blocks that were read, as long as there is room: two generations, of which the older one goes when the younger is full.
/// A block never changes and its number is never used again, so nothing here can be out of date.
/// </summary>
internal sealed class BlockCache
{
    private const int MostOfGeneration = 2_048;

    private readonly ConcurrentDictionary<long, SegmentMap> _maps = new();
    private readonly Lock _guard = new();
    private Dictionary<long, byte[]> _young = [];
    private Dictionary<long, byte[]> _old = [];

    public bool TryGet(long id, out byte[] bytes)
    {
        lock (_guard)
        {
            if (_young.TryGetValue(id, out bytes!))
                return true;
            if (!_old.TryGetValue(id, out bytes!))
                return false;
            Put(id, bytes);
            return true;
        }
    }

    public void Add(long id, byte[] bytes)
    {
        lock (_guard)
            Put(id, bytes);
    }

    public SegmentMap? MapOf(long segment) => _maps.GetValueOrDefault(segment);

    public void Add(long segment, SegmentMap map) => _maps[segment] = map;

    /// <summary>Forgets the maps of segments that are no more.</summary>
    public void Keep(IReadOnlyList<Segment> live)
    {
        if (_maps.Count <= live.Count)
            return;
        var known = live.Select(segment => segment.Id).ToHashSet();
        foreach (var segment in _maps.Keys.Where(segment => !known.Contains(segment)))
            _maps.TryRemove(segment, out _);
    }

    public void Clear()
    {
        lock (_guard)
            (_young, _old) = ([], []);
        _maps.Clear();
    }

    private void Put(long id, byte[] bytes)
    {
        if (_young.Count >= MostOfGeneration)
            (_old, _young) = (_young, []);
        _young[id] = bytes;
    }
}
