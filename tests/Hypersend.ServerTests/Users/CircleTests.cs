using Hypersend.Contracts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Users;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Users;

public sealed class CircleTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task Following_shows_on_both_sides_and_twice_is_once()
    {
        var (ana, bela) = await TwoAsync();

        await ana.Users.FollowAsync(bela.Id);
        await ana.Users.FollowAsync(bela.Id);

        Assert.Equal([bela.Id], Ids(await ana.Users.ListFollowingAsync()));
        Assert.Equal([bela.Id], Ids(await ana.Users.ListContactsAsync()));
        Assert.Equal([ana.Id], Ids(await bela.Users.ListFollowersAsync()));
        Assert.Empty((await bela.Users.ListFollowingAsync()).Items);
        Assert.Equal((true, false), Relation(await ana.Users.GetAsync(bela.Id)));
        Assert.Equal((false, false), Relation(await bela.Users.GetAsync(ana.Id)));

        await ana.Users.UnfollowAsync(bela.Id);
        await ana.Users.UnfollowAsync(bela.Id);
        Assert.Empty((await ana.Users.ListFollowingAsync()).Items);
        Assert.Empty((await bela.Users.ListFollowersAsync()).Items);
    }

    [Fact]
    public async Task Blocking_undoes_following_both_ways_and_the_blocked_cannot_follow()
    {
        var (ana, bela) = await TwoAsync();
        await ana.Users.FollowAsync(bela.Id);
        await bela.Users.FollowAsync(ana.Id);

        await ana.Users.BlockAsync(bela.Id);
        await ana.Users.BlockAsync(bela.Id);

        Assert.Equal([bela.Id], Ids(await ana.Users.ListBlockedAsync()));
        Assert.Equal((false, true), Relation(await ana.Users.GetAsync(bela.Id)));
        foreach (var list in new[] { await ana.Users.ListFollowingAsync(), await ana.Users.ListFollowersAsync(), await bela.Users.ListFollowingAsync(), await bela.Users.ListFollowersAsync() })
            Assert.Empty(list.Items);
        var blocked = await bela.SendAsync(HttpMethod.Post, $"/api/v1/users/{ana.Id}/follow").RefusedAsync(404, ErrorCodes.NotFound);
        var missing = await bela.SendAsync(HttpMethod.Post, "/api/v1/users/nobody/follow").RefusedAsync(404, ErrorCodes.NotFound);
        Assert.Equal(missing.Detail, blocked.Detail);
        Assert.Equal((false, false), Relation(await bela.Users.GetAsync(ana.Id)));
        Assert.Empty((await bela.Users.ListBlockedAsync()).Items);

        await ana.Users.UnblockAsync(bela.Id);
        await ana.Users.UnblockAsync(bela.Id);
        Assert.Empty((await ana.Users.ListBlockedAsync()).Items);
        await bela.Users.FollowAsync(ana.Id);
    }

    [Fact]
    public async Task Whom_I_follow_and_then_block_is_no_contact()
    {
        var (ana, bela) = await TwoAsync();
        await ana.Users.BlockAsync(bela.Id);
        await ana.Users.FollowAsync(bela.Id);

        Assert.Empty((await ana.Users.ListContactsAsync()).Items);
    }

    [Theory]
    [InlineData("follow")]
    [InlineData("block")]
    public async Task Nobody_does_it_to_themselves_or_to_nobody(string verb)
    {
        var (ana, _) = await TwoAsync();

        await ana.SendAsync(HttpMethod.Post, $"/api/v1/users/{ana.Id}/{verb}").RefusedAsync(422, ErrorCodes.CannotTargetSelf);
        await ana.SendAsync(HttpMethod.Post, $"/api/v1/users/019b90d5-1f88-7753-87da-7bd8ca8fb345/{verb}").RefusedAsync(404, ErrorCodes.NotFound);
        await ana.SendAsync(HttpMethod.Delete, $"/api/v1/users/019b90d5-1f88-7753-87da-7bd8ca8fb345/{verb}").AnsweredAsync(204);
    }

    [Fact]
    public async Task Lists_are_paged()
    {
        var ana = await app.SignUpAsync("ana");
        var others = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => app.SignUpAsync("other")));
        foreach (var other in others)
        {
            await ana.Users.FollowAsync(other.Id);
            await other.Users.FollowAsync(ana.Id);
        }

        foreach (var list in new Func<string?, Task<Page<User>>>[] { cursor => ana.Users.ListFollowingAsync(cursor, 2), cursor => ana.Users.ListFollowersAsync(cursor, 2), cursor => ana.Users.ListContactsAsync(cursor, 2) })
        {
            var first = await list(null);
            var second = await list(first.NextCursor);
            var third = await list(second.NextCursor);
            Assert.Null(third.NextCursor);
            Assert.Equal(others.Select(other => other.Username).Order(StringComparer.Ordinal), [.. Names(first), .. Names(second), .. Names(third)]);
        }

        await ana.SendAsync(HttpMethod.Get, "/api/v1/users/me/following?cursor=%21").RefusedAsync(400, ErrorCodes.InvalidCursor);
    }

    private async Task<(Person Ana, Person Bela)> TwoAsync() => (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));

    private static IEnumerable<Contracts.Ids.UserId> Ids(Page<User> page) => page.Items.Select(user => user.Id);

    private static IEnumerable<string> Names(Page<User> page) => page.Items.Select(user => user.Username);

    private static (bool? Following, bool? Blocked) Relation(User user) => (user.Following, user.Blocked);
}
