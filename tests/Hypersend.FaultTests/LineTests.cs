using System.Globalization;
using Hypersend.FaultTests.Histories;
using Hypersend.FaultTests.Lines;
using Hypersend.FaultTests.Load;
using Hypersend.FaultTests.Processes;

namespace Hypersend.FaultTests;

/// <summary>
/// The lines between people, nodes, PostgreSQL, Redis and S3 are slow, narrow, chopped, stuck, cut, away or half open while everybody
/// writes: what was acknowledged is there, once and in order, and everybody goes on.
/// </summary>
public sealed class LineTests(ITestOutputHelper output)
{
    private const int Nodes = 2;

    /// <summary>Of a line away or stuck, counted from when it is well again.</summary>
    private static readonly TimeSpan Recovered = TimeSpan.FromSeconds(10);

    [Fact]
    public Task Whatever_the_lines_do_what_was_acknowledged_is_there_once_and_in_order() => RunAsync(
        writers: 4,
        lasting: TimeSpan.FromMilliseconds(500),
        isMeasured: false,
        cluster =>
        [
            (Find(cluster, "people"), LineFault.Slow), (Find(cluster, "S3"), LineFault.Narrow), (Find(cluster, "PostgreSQL"), LineFault.Chopped), (Find(cluster, "Redis"), LineFault.Stuck),
            (Find(cluster, "people"), LineFault.Cut), (Find(cluster, "PostgreSQL"), LineFault.Cut), (Find(cluster, "S3"), LineFault.Away), (Find(cluster, "Redis"), LineFault.HalfOpen),
            (Find(cluster, "PostgreSQL"), LineFault.Away), (Find(cluster, "PostgreSQL"), LineFault.HalfOpen),
        ]);

    [Fact]
    [Trait(Soak.Trait, Soak.Value)]
    public Task Every_line_does_everything_again_and_again_and_everybody_goes_on_within_ten_seconds() => RunAsync(
        writers: 8,
        lasting: TimeSpan.FromSeconds(4),
        isMeasured: true,
        cluster => [.. Enumerable.Repeat(0, Soak.Faults).SelectMany(_ => cluster.Lines.All.SelectMany(line => LineFault.All.Select(fault => (line, fault))))]);

    private static Line Find(Cluster cluster, string name) => cluster.Lines.All.Single(line => line.Name == name);

    private async Task RunAsync(int writers, TimeSpan lasting, bool isMeasured, Func<Cluster, IReadOnlyList<(Line Line, LineFault Fault)>> choose)
    {
        await using var cluster = await Cluster.StartOnLinesAsync(Nodes);
        await using var crowd = await Crowd.GatherAsync(cluster, writers);
        await crowd.EverybodyGoesOnAsync();
        var waits = new List<(Line Line, LineFault Fault, TimeSpan Wait)>();
        foreach (var (line, fault) in choose(cluster))
        {
            line.Each(fault.Begin);
            if (fault.Lasts)
            {
                await Task.Delay(lasting);
                line.Each(fault.End);
            }

            waits.Add((line, fault, await crowd.EverybodyGoesOnAsync($"{line} {fault.Name}: ")));
            line.Each(fault.End);
        }

        var findings = await crowd.EndAsync();
        Report(waits, findings, crowd.History);
        Assert.Empty(findings.All);
        Assert.Empty(crowd.History.Unseemly);
        if (isMeasured)
            Assert.All(waits.Where(one => one.Fault.Lasts), one => Assert.True(one.Wait < Recovered, $"After {one.Line} was {one.Fault.Name} it took {one.Wait}."));
    }

    private void Report(IReadOnlyList<(Line Line, LineFault Fault, TimeSpan Wait)> waits, Findings findings, HistoryRecorder history)
    {
        output.WriteLine(findings.ToString());
        foreach (var one in waits.GroupBy(one => (one.Line.Name, Fault: one.Fault.Name)))
        {
            var times = string.Join(", ", one.Select(wait => wait.Wait.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture)));
            output.WriteLine($"{one.Key.Name} {one.Key.Fault}: everybody was acknowledged again after {times} s");
        }

        foreach (var finding in findings.All.Concat(history.Unseemly).Take(20))
            output.WriteLine(finding);
    }
}
