using Hypersend.Server.Realtime;
using Hypersend.Server.Realtime.Fanout;

namespace Hypersend.Tests.Realtime;

public sealed class ChatOrderTests
{
    [Fact]
    public void What_comes_in_order_comes_out_at_once()
    {
        var order = new ChatOrder(10);
        Assert.Equal([11, 12], Offer(order, 11, 12));
        Assert.Equal([13], Offer(order, 13));
        Assert.False(order.IsBehind);
        Assert.Equal(13, order.LastRev);
    }

    [Fact]
    public void What_is_early_waits_for_what_is_missing()
    {
        var order = new ChatOrder(10);
        Assert.Equal([], Offer(order, 14));
        Assert.Equal([], Offer(order, 12, 13));
        Assert.True(order.IsBehind);
        Assert.Equal([11, 12, 13, 14], Offer(order, 11));
        Assert.False(order.IsBehind);
    }

    [Fact]
    public void What_came_before_comes_out_no_more_and_an_overlap_is_cut()
    {
        var order = new ChatOrder(10);
        Assert.Equal([11, 12], Offer(order, 11, 12));
        Assert.Equal([], Offer(order, 11, 12));
        Assert.Equal([], Offer(order, 9));
        Assert.Equal([13], Offer(order, 12, 13));
        Assert.Equal([], Offer(order, 15, 16));
        Assert.Equal([], Offer(order, 15, 16));
        Assert.Equal([14, 15, 16], Offer(order, 14, 15));
    }

    [Fact]
    public void A_commit_without_events_stands_behind_the_head_it_saw()
    {
        var order = new ChatOrder(10);
        Assert.Empty(Commits(order, Quiet(head: 12)));
        Assert.Single(Commits(order, Quiet(head: 10)));
        var passed = Commits(order, Of(11, 12));
        Assert.Equal([2, 0], passed.Select(commit => commit.Events.Count));
    }

    [Fact]
    public void A_repair_brings_what_was_waited_for_and_the_rest_follows()
    {
        var order = new ChatOrder(10);
        Assert.Equal([], Offer(order, 13));
        Assert.Equal([], Offer(order, 15));
        order.Repaired(14);
        Assert.True(order.TryNext(out var inIt));
        Assert.Empty(inIt.Events);
        Assert.True(order.TryNext(out var next));
        Assert.Equal(15, Assert.Single(next.Events).Rev);
        Assert.False(order.IsBehind);
    }

    [Fact]
    public void The_database_may_know_more_than_the_bus()
    {
        var order = new ChatOrder(10);
        order.Expect(12);
        Assert.True(order.IsBehind);
        Assert.Equal([11, 12], Offer(order, 11, 12));
        Assert.False(order.IsBehind);
    }

    [Fact]
    public void What_could_not_be_delivered_is_the_next_again()
    {
        var order = new ChatOrder(10);
        var commit = Of(11, 12);
        Assert.True(order.Offer(ref commit));
        order.PutBack(commit);
        Assert.Equal(10, order.LastRev);
        Assert.True(order.IsBehind);
        Assert.True(order.TryNext(out var again));
        Assert.Equal([11L, 12], again.Events.Select(one => one.Rev));
        Assert.Equal(12, order.LastRev);
    }

    [Fact]
    public void Not_everything_that_is_early_is_kept()
    {
        var order = new ChatOrder(10);
        for (var rev = 1_000; rev > 12; rev--)
            Offer(order, rev);
        Assert.True(order.IsBehind);
        order.Repaired(1_000);
        while (order.TryNext(out var commit))
            Assert.Empty(commit.Events);
        Assert.False(order.IsBehind);
    }

    [Fact]
    public void However_it_is_shuffled_everything_comes_out_once_and_in_order()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var dice = new Dice(seed);
            var commits = new List<ChatCommit>();
            for (var rev = 1L; rev <= 200;)
            {
                var length = 1 + dice.Next(5);
                commits.Add(Of([.. Enumerable.Range(0, length).Select(i => rev + i)]));
                rev += length;
            }

            var last = commits[^1].Events[^1].Rev;
            var shuffled = commits.Concat(commits.Where(_ => dice.Next(4) == 0)).OrderBy(_ => dice.Next(1_000_000)).ToList();
            var order = new ChatOrder(0);
            var revs = shuffled.SelectMany(commit => Commits(order, commit)).SelectMany(commit => commit.Events).Select(one => one.Rev);
            Assert.Equal(Enumerable.Range(1, (int)last).Select(rev => (long)rev), revs);
            Assert.False(order.IsBehind);
        }
    }

    private static long[] Offer(ChatOrder order, params long[] revs) => [.. Commits(order, Of(revs)).SelectMany(commit => commit.Events).Select(one => one.Rev)];

    private static List<ChatCommit> Commits(ChatOrder order, ChatCommit commit)
    {
        var passed = new List<ChatCommit>();
        if (order.Offer(ref commit))
            passed.Add(commit);
        while (order.TryNext(out var next))
            passed.Add(next);
        return passed;
    }

    private static ChatCommit Of(params long[] revs) => new(1, default, 1, [.. revs.Select(rev => new ChatEvent(rev, default))], []);

    private static ChatCommit Quiet(long head) => new(1, default, 1, [], [new MemberMove(default, In: true, default)]) { HeadRev = head };
}
