using System.Globalization;
using Hypersend.FaultTests.Histories;
using Hypersend.FaultTests.Load;
using Hypersend.FaultTests.Processes;

namespace Hypersend.FaultTests;

/// <summary>
/// Three nodes, PostgreSQL, Redis and S3, each of them killed with SIGKILL while everybody writes: what was acknowledged is there, once
/// and in order, and everybody goes on.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Nodes = 3;

    private static readonly TimeSpan Recovered = TimeSpan.FromSeconds(10);

    [Fact]
    public Task Whatever_is_killed_what_was_acknowledged_is_there_once_and_in_order() => RunAsync(rounds: 1, writers: 4, isMeasured: false);

    [Fact]
    [Trait(Soak.Trait, Soak.Value)]
    public Task Whatever_is_killed_again_and_again_everybody_goes_on_within_ten_seconds() => RunAsync(Soak.Kills, writers: 12, isMeasured: true);

    private async Task RunAsync(int rounds, int writers, bool isMeasured)
    {
        await using var cluster = await Cluster.StartAsync(Nodes);
        await using var crowd = await Crowd.GatherAsync(cluster, writers);
        await crowd.EverybodyGoesOnAsync();
        var waits = new List<(string What, TimeSpan Wait)>();
        for (var round = 0; round < rounds; round++)
        {
            // The others go on without it; only then it comes back.
            var node = cluster.Nodes[round % Nodes];
            await node.KillAsync();
            waits.Add(("a node", await crowd.EverybodyGoesOnAsync()));
            await node.StartAsync();
            await cluster.Redis.KillAsync();
            waits.Add(("Redis", await crowd.EverybodyGoesOnAsync()));
            await cluster.Redis.StartAgainAsync();

            // Without these two nothing can be acknowledged: the time runs from their return.
            await cluster.S3.KillAsync();
            await cluster.S3.StartAgainAsync();
            waits.Add(("S3", await crowd.EverybodyGoesOnAsync()));
            await cluster.Postgres.KillAsync();
            await cluster.Postgres.StartAgainAsync();
            waits.Add(("PostgreSQL", await crowd.EverybodyGoesOnAsync()));
        }

        var findings = await crowd.EndAsync();
        Report(waits, findings, crowd.History);
        Assert.Empty(findings.All);
        Assert.Empty(crowd.History.Unseemly);
        if (isMeasured)
            Assert.All(waits, one => Assert.True(one.Wait < Recovered, $"After {one.What} was killed it took {one.Wait}."));
    }

    private void Report(IEnumerable<(string What, TimeSpan Wait)> waits, Findings findings, HistoryRecorder history)
    {
        output.WriteLine(findings.ToString());
        foreach (var what in waits.GroupBy(one => one.What))
        {
            var times = string.Join(", ", what.Select(one => one.Wait.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture)));
            output.WriteLine($"killed {what.Key}: everybody was acknowledged again after {times} s");
        }

        foreach (var finding in findings.All.Concat(history.Unseemly).Take(20))
            output.WriteLine(finding);
    }
}
