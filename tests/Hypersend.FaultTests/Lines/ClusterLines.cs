using System.Globalization;
using Hypersend.EngineSpecs.Engines;

namespace Hypersend.FaultTests.Lines;

/// <summary>What every byte of a cluster passes: a proxy before each node, and one before PostgreSQL, Redis and S3.</summary>
internal sealed class ClusterLines : IAsyncDisposable
{
    private readonly List<FaultProxy> _proxies = [];
    private readonly List<Line> _all = [];
    private IReadOnlyList<FaultProxy> _people = [];

    /// <summary>Where people find the nodes.</summary>
    public IReadOnlyList<Uri> People => [.. _people.Select(proxy => new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{proxy.Port}")))];

    public IReadOnlyList<Line> All => _all;

    /// <summary>The settings of the engines, which lead over lines now.</summary>
    public (string Postgres, string Redis, string S3) Lead(string postgres, string redis, string s3) =>
        (Over("PostgreSQL", postgres), Over("Redis", redis), Over("S3", s3));

    /// <summary>All people's lines fail together, or who balances them would go round the one that does.</summary>
    public void Lead(IEnumerable<Uri> nodes)
    {
        _people = [.. nodes.Select(node => Before(node))];
        _all.Add(new Line("people", _people));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in _proxies)
            await proxy.DisposeAsync();
    }

    private string Over(string name, string setting)
    {
        var proxy = Before(new Uri(setting));
        _all.Add(new Line(name, [proxy]));
        return new UriBuilder(setting) { Port = proxy.Port }.Uri.ToString();
    }

    private FaultProxy Before(Uri place)
    {
        var proxy = new FaultProxy(place.Host, place.Port);
        _proxies.Add(proxy);
        return proxy;
    }
}
