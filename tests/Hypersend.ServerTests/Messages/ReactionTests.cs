using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Messages;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Messages;

/// <summary>What people put on messages: reactions, pins, bookmarks.</summary>
public sealed class ReactionTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task Reactions_count_people_and_say_which_are_mine()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await app.GroupAsync(ana, ben);
        var message = await ana.SendAsync(chat, "Tea?");

        await ana.Messages.ReactAsync(message.Id, "👍");
        await ben.Messages.ReactAsync(message.Id, "👍");
        var third = await ben.Messages.ReactAsync(message.Id, "👩‍👩‍👧‍👦");
        var repeated = await ben.Messages.ReactAsync(message.Id, "👍");

        Assert.Equal([("👍", 2, true), ("👩‍👩‍👧‍👦", 1, true)], Shown(third));
        Assert.Equal((third.Rev, message.Rev + 3), (repeated.Rev, third.Rev));
        Assert.Equal([("👍", 2, true), ("👩‍👩‍👧‍👦", 1, false)], Shown(await ana.Messages.GetAsync(message.Id)));
        await ben.Messages.UnreactAsync(message.Id, "👍");
        await ben.Messages.UnreactAsync(message.Id, "👍");
        await ben.Messages.UnreactAsync(message.Id, "never");
        Assert.Equal([("👍", 1, false), ("👩‍👩‍👧‍👦", 1, true)], Shown(await ben.Messages.GetAsync(message.Id)));
        Assert.Equal(message.Rev + 4, (await ana.Chats.GetAsync(chat)).Rev);
    }

    [Theory]
    [InlineData("👍🏽", true)]
    [InlineData("#️⃣", true)]
    [InlineData("🏴󠁧󠁢󠁥󠁮󠁧󠁿", true)]
    [InlineData(":tada:", true)]
    [InlineData("+1", true)]
    [InlineData("..", false)]
    [InlineData(".", false)]
    [InlineData("/", false)]
    [InlineData("👍/👍", false)]
    [InlineData("a b", false)]
    [InlineData("👍\n", false)]
    [InlineData("%2e", false)]
    public async Task What_can_be_put_on_a_message_can_be_taken_off_by_its_address(string emoji, bool isFine)
    {
        var ana = await app.SignUpAsync("ana");
        var chat = await app.GroupAsync(ana);
        var message = await ana.SendAsync(chat, "still here");
        if (!isFine)
        {
            await ana.Messages.ReactAsync(message.Id, emoji).RefusedAsync(422, ErrorCodes.ValidationFailed);
            return;
        }

        await ana.Messages.ReactAsync(message.Id, emoji);
        await ana.Messages.UnreactAsync(message.Id, emoji);
        var after = await ana.Messages.GetAsync(message.Id);
        Assert.Equal((0, "still here"), (after.Reactions.Count, after.Content));
    }

    [Fact]
    public async Task People_who_react_at_once_lose_nothing()
    {
        var people = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => app.SignUpAsync("person")));
        var chat = await app.GroupAsync(people[0], people[1..]);
        var message = await people[0].SendAsync(chat, "All at once");
        string[] emojis = ["👍", "🎉", "❤️"];

        await Task.WhenAll(people.SelectMany(person => emojis.Select(emoji => person.Messages.ReactAsync(message.Id, emoji))));
        await Task.WhenAll(people[..4].Select(person => person.Messages.UnreactAsync(message.Id, "🎉")));

        var shown = Shown(await people[7].Messages.GetAsync(message.Id));
        Assert.Equal([("👍", 8, true), ("🎉", 4, true), ("❤️", 8, true)], shown.OrderBy(one => Array.IndexOf(emojis, one.Emoji)));
        Assert.Equal(message.Rev + 28, (await people[0].Chats.GetAsync(chat)).Rev);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData(@"a\nb")]
    [InlineData(@"\ud83d")]
    [InlineData(@"\u0000")]
    [InlineData("12345678901234567")]
    public async Task What_is_no_emoji_is_refused(string emoji)
    {
        var ana = await app.SignUpAsync("ana");
        var message = await ana.SendAsync(await app.GroupAsync(ana), "Tea?");
        using var answer = await ana.SendAsync(HttpMethod.Post, $"/api/v1/messages/{message.Id}/react", $$"""{"emoji":"{{emoji}}"}""");
        Assert.Contains((int)answer.StatusCode, new[] { 400, 422 });
        Assert.Empty((await ana.Messages.GetAsync(message.Id)).Reactions);
    }

    [Fact]
    public async Task A_message_has_at_most_fifty_different_reactions()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var message = await ana.SendAsync(await ana.DirectAsync(ben), "Everything");
        for (var i = 0; i < 50; i++)
            await ana.Messages.ReactAsync(message.Id, ":" + i + ":");
        await ana.Messages.ReactAsync(message.Id, ":50:").RefusedAsync(409, ErrorCodes.TooManyReactions);
        await ben.Messages.ReactAsync(message.Id, ":0:");
        Assert.Equal(50, (await ana.Messages.GetAsync(message.Id)).Reactions.Count);
    }

    [Fact]
    public async Task Pins_are_the_boards_of_the_chat_the_newest_message_first()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await app.GroupAsync(ana, ben);
        var messages = new List<Message>();
        for (var i = 0; i < 5; i++)
            messages.Add(await ben.SendAsync(chat, $"message {i}"));

        foreach (var i in new[] { 3, 0, 4 })
            Assert.True((await ana.Messages.PinAsync(messages[i].Id)).Pinned);
        await ana.Messages.PinAsync(messages[3].Id);
        await ben.Messages.PinAsync(messages[1].Id).RefusedAsync(403, ErrorCodes.Forbidden);

        var first = await ben.Messages.ListPinsAsync(chat, limit: 2);
        var rest = await ben.Messages.ListPinsAsync(chat, first.NextCursor);
        Assert.Equal([messages[4].Id, messages[3].Id], first.Items.Select(pin => pin.Id));
        Assert.Equal([messages[0].Id], rest.Items.Select(pin => pin.Id));
        Assert.Null(rest.NextCursor);
        await ana.Messages.UnpinAsync(messages[3].Id);
        Assert.Equal([messages[4].Id, messages[0].Id], (await ben.Messages.ListPinsAsync(chat)).Items.Select(pin => pin.Id));
        Assert.Equal(messages[4].Rev + 4, (await ana.Chats.GetAsync(chat)).Rev);
    }

    [Fact]
    public async Task Bookmarks_are_mine_alone_and_the_last_one_made_comes_first()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var (chat, group) = (await ana.DirectAsync(ben), await app.GroupAsync(ben, ana));
        var (one, two, three) = (await ben.SendAsync(chat, "one"), await ben.SendAsync(chat, "two"), await ben.SendAsync(group, "three"));
        var rev = (await ana.Chats.GetAsync(chat)).Rev;

        foreach (var message in new[] { two, three, one, two })
            await ana.Messages.BookmarkAsync(message.Id);

        Assert.Equal(rev, (await ana.Chats.GetAsync(chat)).Rev);
        Assert.True((await ana.Messages.GetAsync(two.Id)).Bookmarked);
        Assert.False((await ben.Messages.GetAsync(two.Id)).Bookmarked);
        Assert.Empty((await ben.Messages.ListBookmarksAsync()).Items);
        Assert.Equal(new[] { one.Id, two.Id, three.Id }.ToHashSet(), (await ana.Messages.ListBookmarksAsync()).Items.Select(kept => kept.Id).ToHashSet());
        var seen = new List<Message>();
        for (var page = await ana.Messages.ListBookmarksAsync(limit: 1); ; page = await ana.Messages.ListBookmarksAsync(page.NextCursor, 1))
        {
            seen.AddRange(page.Items);
            if (page.NextCursor is null)
                break;
        }

        Assert.Equal(3, seen.Select(kept => kept.Id).Distinct().Count());
        await ana.Chats.LeaveAsync(group);
        Assert.DoesNotContain(three.Id, (await ana.Messages.ListBookmarksAsync()).Items.Select(kept => kept.Id));
        await ana.Messages.UnbookmarkAsync(one.Id);
        Assert.Equal([two.Id], (await ana.Messages.ListBookmarksAsync()).Items.Select(kept => kept.Id));
    }

    private static List<(string Emoji, int Count, bool? Me)> Shown(Message message) =>
        [.. message.Reactions.Select(reaction => (reaction.Emoji, reaction.Count, reaction.Me))];
}
