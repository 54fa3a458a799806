using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.ServerTests.Files;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Search;

/// <summary>Who finds what: members what is there, nobody else anything.</summary>
public sealed class SearchTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task Members_find_what_was_said_the_newest_first_and_strangers_nothing()
    {
        var (ana, ben, eve) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"), await app.SignUpAsync("eve"));
        var (chat, direct) = (await app.GroupAsync(ana, ben), await ben.DirectAsync(ana));
        var first = await ana.SendAsync(chat, "The Zeppelin lands at noon");
        await LaterThanAsync(first);
        var second = await ben.SendAsync(direct, "no zeppelins here");

        var found = await ben.FindsAsync("zeppelin", second, first);
        Assert.Equal((4, 8), (found[1].Highlights[0].Start, found[1].Highlights[0].Length));
        Assert.Equal("The Zeppelin lands at noon", found[1].Content);
        await ana.FindsAsync("zeppelin", second, first);
        Assert.Empty(await eve.IdsAsync("zeppelin"));
        Assert.Equal([first.Id], await ben.IdsAsync("zeppelin", chat));
        await eve.Search.MessagesAsync("zeppelin", chat).RefusedAsync(404, ErrorCodes.NotFound);
        await eve.Search.MessagesAsync("zeppelin", new ChatId(Guid.Parse("01890000-0000-7000-8000-000000000001"))).RefusedAsync(404, ErrorCodes.NotFound);
    }

    [Fact]
    public async Task What_is_edited_deleted_or_expired_is_gone_at_once()
    {
        var clock = new ManualClock();
        await using var own = await App.StartAsync(clock);
        var ana = await own.SignUpAsync("ana");
        var chat = await own.GroupAsync(ana);
        var edited = await ana.SendAsync(chat, "quokka one");
        var deleted = await ana.SendAsync(chat, "quokka two");
        var expiring = await ana.SendAsync(new SendMessageRequest { ChatId = chat, Content = "quokka three", ExpiresIn = 60 });
        await ana.FindsAsync("quokka", expiring, deleted, edited);

        await ana.Messages.EditAsync(edited.Id, "wallaby one");
        Assert.DoesNotContain(edited.Id, await ana.IdsAsync("quokka"));
        await ana.Messages.DeleteAsync(deleted.Id);
        Assert.DoesNotContain(deleted.Id, await ana.IdsAsync("quokka"));
        await ana.FindsAsync("wallaby", edited);
        Assert.Equal([expiring.Id], await ana.IdsAsync("quokka"));
        clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Empty(await ana.IdsAsync("quokka"));
    }

    [Fact]
    public async Task Who_leaves_or_is_thrown_out_finds_nothing_any_more()
    {
        var (ana, ben, cat) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"), await app.SignUpAsync("cat"));
        var chat = await app.GroupAsync(ana, ben, cat);
        var said = await ana.SendAsync(chat, "the marmalade plan");
        await ben.FindsAsync("marmalade", said);
        await ben.Chats.LeaveAsync(chat);
        await ana.Chats.RemoveMemberAsync(chat, cat.Id);
        Assert.Empty(await ben.IdsAsync("marmalade"));
        Assert.Empty(await cat.IdsAsync("marmalade"));
        await ben.Search.MessagesAsync("marmalade", chat).RefusedAsync(404, ErrorCodes.NotFound);
        await ana.Chats.DeleteAsync(chat);
        Assert.Empty(await ana.IdsAsync("marmalade"));
    }

    [Fact]
    public async Task A_newcomer_finds_nothing_from_before_their_time_where_history_is_closed()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await app.GroupAsync(ana);
        await ana.Chats.UpdateAsync(chat, new UpdateChatRequest { Permissions = new ChatPermissions { History = false } });
        await ana.SendAsync(chat, "old tamarind");
        await ana.Chats.AddMembersAsync(chat, [ben.Id]);
        var fresh = await ana.SendAsync(chat, "new tamarind");
        await ben.FindsAsync("tamarind", fresh);
        Assert.Equal(2, (await ana.IdsAsync("tamarind")).Count);
    }

    [Fact]
    public async Task Operators_narrow_what_is_found()
    {
        var (ana, ben) = (await app.SignUpAsync("ana", "Ana Pavlova"), await app.SignUpAsync("ben", "Ben Okri"));
        var chat = (await ana.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Gardening club", MemberIds = [ben.Id] })).Id;
        var direct = await ana.DirectAsync(ben);
        var link = await ana.SendAsync(chat, "tulips: https://flowers.example/tulips/red.html");
        var call = await ben.SendAsync(chat, $"tulips for @{ana.Username}");
        await LaterThanAsync(call);
        var other = await ben.SendAsync(direct, "tulips, only tulips and no roses");
        await ana.Messages.PinAsync(call.Id);
        await ana.FindsAsync("tulips", other, call, link);

        await ana.FindsAsync("is:pinned tulips", call);
        await ana.FindsAsync("tulips from:me", link);
        await ana.FindsAsync($"tulips from:@{ben.Username}", other, call);
        await ana.FindsAsync("tulips from:\"Ben Okri\" in:gardening", call);
        await ana.FindsAsync("tulips in:okri", other);
        await ana.FindsAsync("has:link tulips", link);
        await ana.FindsAsync("mentions:me", call);
        await ana.FindsAsync("tulips -roses", call, link);
        await ana.FindsAsync("\"only tulips\"", other);
        await ana.FindsAsync("\"tulips only tulips\"", other);
        await ana.FindsAsync("\"tulips roses\"");
        await ana.FindsAsync("flowers.example/tulips", link);
        await ana.FindsAsync("tulips/red.html", link);
        await ana.FindsAsync("tulips from:nobody-at-all");
        var day = call.CreatedAt.UtcDateTime;
        await ana.FindsAsync($"tulips after:{day:yyyy-MM-dd} before:{day.AddDays(1):yyyy-MM-dd}", other, call, link);
        await ana.FindsAsync($"tulips before:{day:yyyy-MM-dd}");
        await ana.FindsAsync($"tulips after:{day.AddDays(1):yyyy-MM-dd}");
    }

    [Fact]
    public async Task Files_are_found_by_their_names_and_sizes()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await app.GroupAsync(ana, ben);
        await ana.SendFileAsync(chat, "harbour_survey-2026.final.txt");
        var message = (await ben.HistoryAsync(chat))[^1];

        await ben.FindsAsync("harbour_survey-2026.final.txt", message);
        await ben.FindsAsync("survey", message);
        await ben.FindsAsync("filename:final has:file size<1mb", message);
        await ben.FindsAsync("survey size>1mb");
        await ben.FindsAsync("survey has:image");
        var file = Assert.Single((await ben.Search.FilesAsync("harbour sur")).Items);
        Assert.Equal((message.Id, "harbour_survey-2026.final.txt"), (file.MessageId, file.File.Filename));
        var all = await ben.Search.AnythingAsync("harbour");
        Assert.Equal((1, 1), (all.Files.Count, all.Messages.Count));
    }

    [Fact]
    public async Task Everything_by_one_name_comes_in_sections()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben", "Ximena Ortega"));
        var chat = (await ana.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Ximena and friends", MemberIds = [ben.Id] })).Id;
        await ana.DirectAsync(ben);
        await ana.FindsAsync("ximena", await ana.SendAsync(chat, "Where is Ximena?"));
        var all = await ana.Search.AnythingAsync("ximena");
        Assert.Equal([ben.Id], all.People.Select(person => person.Id));
        Assert.Equal(["Ximena Ortega", "Ximena and friends"], all.Chats.Select(one => one.Name).Order(StringComparer.Ordinal));
        Assert.Single(all.Messages);
        Assert.Empty(all.Files);
    }

    [Fact]
    public async Task Pages_meet_without_gap_or_overlap()
    {
        var ana = await app.SignUpAsync("ana");
        var (one, two) = (await app.GroupAsync(ana), await app.GroupAsync(ana));
        var sent = new List<Message>();
        for (var i = 0; i < 23; i++)
        {
            sent.Add(await ana.SendAsync(i % 2 == 0 ? one : two, $"pagination number {i}"));

            await LaterThanAsync(sent[^1]);
        }

        sent.Reverse();
        await ana.FindsAsync("pagination", [.. sent]);

        var ids = new List<MessageId>();
        string? cursor = null;
        do
        {
            var page = await ana.Search.MessagesAsync("pagination", cursor: cursor, limit: 5);
            Assert.InRange(page.Items.Count, 1, 5);
            ids.AddRange(page.Items.Select(message => message.Id));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        Assert.Equal(sent.Select(message => message.Id), ids);
        await ana.Search.MessagesAsync("pagination", cursor: "nonsense").RefusedAsync(400, ErrorCodes.InvalidCursor);
    }

    [Fact]
    public async Task A_new_index_finds_what_the_old_one_found()
    {
        var ana = await app.SignUpAsync("ana");
        var said = await ana.SendAsync(await app.GroupAsync(ana), "rebuildable bandicoot");
        await ana.FindsAsync("bandicoot", said);
        await app.Admin.Admin.RebuildSearchAsync();
        await app.InStepAsync();
        await ana.FindsAsync("bandicoot", said);
    }
    [Fact]
    public async Task Where_no_index_is_kept_a_rebuild_says_so_and_a_search_finds_nothing()
    {
        if (TestDatabase.IsPostgres)
            Assert.Skip("In PostgreSQL the index is every node's.");
        await using var other = await App.StartAsync("--SEARCH_INDEX=off");
        var admin = await other.SignUpAsync("admin");
        await admin.SendAsync(await other.GroupAsync(admin), "numbat");

        await admin.Client.Admin.RebuildSearchAsync().RefusedAsync(409, ErrorCodes.SearchOff);

        Assert.Empty((await admin.Client.Search.MessagesAsync("numbat")).Items);
    }

    // Two messages of one millisecond in two chats have no order.
    private static async Task LaterThanAsync(Message message)
    {
        while (TimeProvider.System.GetUtcNow() < message.CreatedAt.AddMilliseconds(1))
            await Task.Yield();
    }
}
