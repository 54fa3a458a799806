using Hypersend.Contracts.Ids;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Features.Users;

namespace Hypersend.EngineSpecs.Users;

/// <summary>Who follows and blocks whom.</summary>
public abstract partial class UserStoreSpec
{
    [Fact]
    public async Task Following_and_blocking_are_seen_from_both_sides()
    {
        var ana = await JoinAsync("ana");
        var bob = await JoinAsync("bob");
        Assert.True(await Users.FollowAsync(ana.Id, bob.Id, Now, Cancellation));
        Assert.True(await Users.FollowAsync(ana.Id, bob.Id, Now, Cancellation));
        Assert.Equal((true, false, false, false), await SeenByAsync(ana, bob));
        Assert.Equal((false, true, false, false), await SeenByAsync(bob, ana));

        Assert.True(await Users.BlockAsync(bob.Id, ana.Id, Now, Cancellation));
        Assert.Equal((false, false, false, true), await SeenByAsync(ana, bob));
        Assert.Equal((false, false, true, false), await SeenByAsync(bob, ana));

        await Users.UnblockAsync(bob.Id, ana.Id, Cancellation);
        Assert.Equal((false, false, false, false), await SeenByAsync(ana, bob));
    }

    [Fact]
    public async Task Who_blocks_me_cannot_be_followed_whom_I_block_can()
    {
        var ana = await JoinAsync("ana");
        var bob = await JoinAsync("bob");
        await Users.BlockAsync(bob.Id, ana.Id, Now, Cancellation);
        Assert.False(await Users.FollowAsync(ana.Id, bob.Id, Now, Cancellation));
        Assert.True(await Users.FollowAsync(bob.Id, ana.Id, Now, Cancellation));
        Assert.Empty(await NamesAsync(Circle.Contacts, bob));
        Assert.Equal([ana.Username], await NamesAsync(Circle.Following, bob));
    }

    [Fact]
    public async Task Nobody_follows_or_blocks_who_is_not_there()
    {
        var ana = await JoinAsync("ana");
        var gone = await JoinAsync("gone");
        Assert.Null(await Users.DeleteAsync(gone.Id, Now, Cancellation));
        foreach (var id in new[] { gone.Id, new UserId(Guid.CreateVersion7(Now)) })
        {
            Assert.False(await Users.FollowAsync(ana.Id, id, Now, Cancellation));
            Assert.False(await Users.BlockAsync(ana.Id, id, Now, Cancellation));
        }
    }

    [Fact]
    public async Task A_follow_and_the_block_that_ends_it_at_once_leave_the_block_alone()
    {
        for (var round = 0; round < 25; round++)
        {
            var ana = await JoinAsync("ana");
            var bob = await JoinAsync("bob");
            await Race.RunAsync(4, i => i == 0
                ? Users.BlockAsync(bob.Id, ana.Id, Now, Cancellation)
                : Users.FollowAsync(ana.Id, bob.Id, Now, Cancellation));
            Assert.Equal((false, false, false, true), await SeenByAsync(ana, bob));
        }
    }

    [Fact]
    public async Task Circles_are_listed_page_by_page_by_user_name()
    {
        var ana = await JoinAsync("ana");
        var friends = new List<Person>();
        for (var i = 0; i < 9; i++)
            friends.Add(await JoinAsync(i % 2 == 0 ? "zoë" : "émile"));
        foreach (var friend in friends)
        {
            await Users.FollowAsync(ana.Id, friend.Id, Now, Cancellation);
            await Users.FollowAsync(friend.Id, ana.Id, Now, Cancellation);
        }

        await Users.BlockAsync(ana.Id, friends[0].Id, Now, Cancellation);
        await Users.UnfollowAsync(ana.Id, friends[1].Id, Cancellation);
        var ordered = friends.Select(friend => friend.Username).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(ordered.Except([friends[0].Username, friends[1].Username]), await NamesAsync(Circle.Contacts, ana));
        Assert.Equal(ordered.Except([friends[0].Username, friends[1].Username]), await NamesAsync(Circle.Following, ana));
        Assert.Equal(ordered.Except([friends[0].Username]), await NamesAsync(Circle.Followers, ana));
        Assert.Equal([friends[0].Username], await NamesAsync(Circle.Blocked, ana));
    }

    private async Task<(bool Follows, bool Followed, bool Blocks, bool Blocked)> SeenByAsync(Person person, Person viewer)
    {
        var profile = (await Users.FindAsync(person.Id, viewer.Id, Cancellation))!;
        return (profile.FollowsViewer, profile.FollowedByViewer, profile.BlocksViewer, profile.BlockedByViewer);
    }

    /// <summary>All pages, two at a time.</summary>
    private async Task<IReadOnlyList<string>> NamesAsync(Circle circle, Person viewer)
    {
        var names = new List<string>();
        while (await Users.ListAsync(circle, viewer.Id, names.LastOrDefault() ?? "", 2, Cancellation) is { Count: > 0 } page)
            names.AddRange(page.Select(one => one.UsernameKey));
        return names;
    }
}
