using Hypersend.FaultTests.Load;
using Hypersend.FaultTests.Processes;

namespace Hypersend.FaultTests;

/// <summary>
/// The version before and this one run beside each other on the same database, Redis and S3, while everybody writes, until the last
/// node is a new one. <c>make upgrade-test</c> builds the version before.
/// </summary>
public sealed class UpgradeTests(ITestOutputHelper output)
{
    private const string Variable = "HYPERSEND_UPGRADE_FROM";
    private const int Nodes = 3;
    private const int Rounds = 3;

    [Fact]
    [Trait(Soak.Trait, Soak.Value)]
    public async Task Nodes_of_two_versions_run_beside_each_other_until_the_last_is_upgraded()
    {
        var before = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(before), $"{Variable} names no server of the version before: make upgrade-test builds it");
        await using var cluster = await Cluster.StartAsync(Nodes, before);
        await using var crowd = await Crowd.GatherAsync(cluster, 8);
        await crowd.EverybodyGoesOnAsync();
        foreach (var node in cluster.Nodes)
        {
            Assert.Equal(0, await node.StopAsync());
            node.Become(ServerProcess.Present);
            await node.StartAsync();

            // Both versions serve for a while.
            for (var round = 0; round < Rounds; round++)
                await crowd.EverybodyGoesOnAsync();
        }

        var findings = await crowd.EndAsync();
        output.WriteLine($"{Nodes} nodes were upgraded one after the other: {findings}");
        foreach (var finding in findings.All.Concat(crowd.History.Unseemly).Take(20))
            output.WriteLine(finding);
        Assert.Empty(findings.All);
        Assert.Empty(crowd.History.Unseemly);
    }
}
