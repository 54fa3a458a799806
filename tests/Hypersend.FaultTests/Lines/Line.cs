using Hypersend.EngineSpecs.Engines;

namespace Hypersend.FaultTests.Lines;

/// <summary>What leads from everybody on one side to everybody on the other.</summary>
internal sealed record Line(string Name, IReadOnlyList<FaultProxy> Proxies)
{
    public void Each(Action<FaultProxy> what)
    {
        foreach (var proxy in Proxies)
            what(proxy);
    }

    public override string ToString() => Name;
}
