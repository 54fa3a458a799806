using Hypersend.Server.Platform.Outbound;

namespace Hypersend.Server.Features.Previews;

/// <summary>Hosts that did not answer in time: they are left alone for a minute, so that many links to one cost one wait.</summary>
internal sealed class SlowHosts(TimeProvider clock)
{
    private const int MostKnown = 1_000;

    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, DateTimeOffset> _restUntil = new(StringComparer.OrdinalIgnoreCase);

    public bool IsResting(Uri url)
    {
        lock (_gate)
            return _restUntil.TryGetValue(OutboundHost.NameOf(url), out var until) && until > clock.GetUtcNow();
    }

    public void Note(Uri url)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (_restUntil.Count >= MostKnown)
            {
                foreach (var (name, until) in _restUntil)
                {
                    if (until <= now)
                        _restUntil.Remove(name);
                }
            }

            if (_restUntil.Count < MostKnown)
                _restUntil[OutboundHost.NameOf(url)] = now + Rest;
        }
    }
}
