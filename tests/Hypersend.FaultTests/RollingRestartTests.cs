using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Hypersend.FaultTests.Load;
using Hypersend.FaultTests.Processes;
using Hypersend.Sdk.Realtime;

namespace Hypersend.FaultTests;

/// <summary>All nodes are restarted one after the other as an operator does it, under load, again and again.</summary>
public sealed class RollingRestartTests(ITestOutputHelper output)
{
    private const int Nodes = 3;
    private const int Listeners = 30;

    private static readonly TimeSpan Back = TimeSpan.FromSeconds(5);

    [Fact]
    [Trait(Soak.Trait, Soak.Value)]
    public async Task No_acknowledgement_is_broken_and_clients_are_back_within_five_seconds()
    {
        await using var cluster = await Cluster.StartAsync(Nodes);
        await using var crowd = await Crowd.GatherAsync(cluster, 8);
        var balancer = new Balancer([.. cluster.Nodes.Select(node => node.Address)]);
        var listeners = new List<(Member Member, LiveClient Live, Task Watching)>();
        var absences = new ConcurrentQueue<TimeSpan>();
        for (var number = 0; number < Listeners; number++)
        {
            var member = await Member.SignUpAsync(balancer, crowd.History, "ear" + number.ToString(CultureInfo.InvariantCulture));
            var live = member.Live();
            await live.StartAsync();
            listeners.Add((member, live, WatchAsync(live, absences)));
        }

        var codes = new List<int>();
        for (var restart = 0; restart < Soak.Restarts; restart++)
        {
            foreach (var node in cluster.Nodes)
            {
                codes.Add(await node.StopAsync());
                await node.StartAsync();
                await crowd.EverybodyGoesOnAsync();
            }
        }

        await Task.WhenAll(listeners.Select(listener => listener.Live.WhenAsync(state => state.Status == LiveStatus.Live)));
        var findings = await crowd.EndAsync();
        foreach (var (member, live, watching) in listeners)
        {
            await live.DisposeAsync();
            await watching;
            member.Dispose();
        }

        var sorted = absences.Order().ToList();
        var p99 = sorted[(int)Math.Ceiling(sorted.Count * 0.99) - 1];
        output.WriteLine($"{codes.Count} restarts: {findings}");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{sorted.Count} clients had to come back: p50 {sorted[sorted.Count / 2].TotalSeconds:F2} s, p99 {p99.TotalSeconds:F2} s, the last {sorted[^1].TotalSeconds:F2} s"));
        foreach (var finding in findings.All.Concat(crowd.History.Unseemly).Take(20))
            output.WriteLine(finding);
        Assert.All(codes, code => Assert.Equal(0, code));
        Assert.Empty(findings.All);
        Assert.Empty(crowd.History.Unseemly);
        Assert.True(p99 < Back, $"p99 is {p99}.");
    }

    // From the moment it is not live to the moment it is again.
    private static async Task WatchAsync(LiveClient live, ConcurrentQueue<TimeSpan> absences)
    {
        Stopwatch? away = null;
        await foreach (var happened in live.EventsAsync())
        {
            if (happened is not StatusChanged { Status: var status })
                continue;
            if (status == LiveStatus.Live && away is not null)
            {
                absences.Enqueue(away.Elapsed);
                away = null;
            }
            else if (status != LiveStatus.Live)
            {
                away ??= Stopwatch.StartNew();
            }
        }
    }
}
