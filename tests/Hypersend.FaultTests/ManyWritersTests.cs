using System.Diagnostics;
using System.Globalization;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.FaultTests.Histories;
using Hypersend.FaultTests.Load;
using Hypersend.FaultTests.Processes;

namespace Hypersend.FaultTests;

/// <summary>A thousand people write at once, through three nodes, into their own group and into one that is everybody's.</summary>
public sealed class ManyWritersTests(ITestOutputHelper output)
{
    private const int GroupSize = 50;
    private const int SignUpsAtOnce = 16;

    // No request may name more.
    private const int MembersAtOnce = 200;
    private const int Messages = 10;

    [Fact]
    [Trait(Soak.Trait, Soak.Value)]
    public async Task Every_chat_has_the_numbers_from_one_to_its_last()
    {
        await using var cluster = await Cluster.StartAsync(3);
        var (history, balancer) = (new HistoryRecorder(), new Balancer([.. cluster.Nodes.Select(node => node.Address)]));
        var members = new Member[Soak.Writers];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, members.Length),
            new ParallelOptions { MaxDegreeOfParallelism = SignUpsAtOnce },
            async (number, _) => members[number] = await Member.SignUpAsync(balancer, history, "w" + number.ToString("d4", CultureInfo.InvariantCulture)));
        var everybodys = await GroupAsync(members);
        var groups = new List<ChatId>();
        foreach (var group in members.Chunk(GroupSize))
            groups.Add(await GroupAsync(group));

        var watch = Stopwatch.StartNew();
        await Task.WhenAll(members.Select((member, number) => new HttpWriter(member, history, [groups[number / GroupSize], everybodys]).SayAsync(Messages)));
        watch.Stop();
        var seen = new List<SeenChat> { await Look.AtAsync(members[0], everybodys) };
        for (var group = 0; group < groups.Count; group++)
            seen.Add(await Look.AtAsync(members[group * GroupSize], groups[group]));
        var findings = HistoryChecker.Check(history.Operations, new Aftermath(seen, [], []));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{members.Length} writers in {seen.Count} chats: {findings}; {findings.Acknowledged / watch.Elapsed.TotalSeconds:F0} messages/s, each a request of its own"));
        foreach (var finding in findings.All.Concat(history.Unseemly).Take(20))
            output.WriteLine(finding);
        foreach (var member in members)
            member.Dispose();
        Assert.Empty(findings.All);
        Assert.Empty(history.Unseemly);
        Assert.Equal(members.Length * Messages, findings.Acknowledged);
    }

    private static async Task<ChatId> GroupAsync(Member[] members)
    {
        var others = members.Skip(1).Select(member => member.Id).Chunk(MembersAtOnce).ToArray();
        var chats = members[0].Client.Chats;
        var group = (await chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Group", MemberIds = others.FirstOrDefault() ?? [] })).Id;
        foreach (var some in others.Skip(1))
            await chats.AddMembersAsync(group, some);
        return group;
    }
}
