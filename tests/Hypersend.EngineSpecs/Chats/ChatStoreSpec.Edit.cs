using Hypersend.Contracts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Platform.Text;
using Hypersend.Server.Realtime;

namespace Hypersend.EngineSpecs.Chats;

/// <summary>Changing chats, one's own settings of them, and finding those that are open to all.</summary>
public abstract partial class ChatStoreSpec
{
    [Fact]
    public async Task A_new_name_is_a_note_and_a_change_with_revs_of_their_own()
    {
        var (ana, bob) = (await JoinAsync("ana"), await JoinAsync("bob"));
        var id = await CreateAsync(ana, ChatTypes.Group, "Old", bob);
        var edited = Value(await Chats.EditAsync(ana.Id, id, new ChatEdit { Name = "New", Description = "About it" }, Now, Cancellation));
        Assert.Equal(("New", "About it", 2, 3), (edited.Answer.Row.Name, edited.Answer.Row.Description, edited.Answer.Row.Seq, edited.Answer.Row.Rev));
        Assert.Equal([2L, 3L], edited.Change!.Steps.Select(step => step.Rev));
        Assert.Equal("New", Assert.IsType<ChatStep>(edited.Change.Steps[1]).Neutral.Name);
        Assert.Null(((ChatStep)edited.Change.Steps[1]).Neutral.MyRole);
        Assert.Contains("chat_renamed", (await NotesAsync(id))[1], StringComparison.Ordinal);

        var same = Value(await Chats.EditAsync(ana.Id, id, new ChatEdit { Name = "New" }, Now, Cancellation));
        Assert.Null(same.Change);
        Assert.Equal(3, same.Answer.Row.Rev);
        Assert.Equal(ErrorCodes.Forbidden, (await Chats.EditAsync(bob.Id, id, new ChatEdit { Name = "Mine" }, Now, Cancellation)).Failure!.Code);
    }

    [Fact]
    public async Task Members_do_what_the_permissions_widen_and_only_the_owner_changes_these()
    {
        var (ana, bob, eve) = (await JoinAsync("ana"), await JoinAsync("bob"), await JoinAsync("eve"));
        var id = await CreateAsync(ana, members: bob);
        await Members.ChangeRoleAsync(ana.Id, id, bob.Id, ChatRoles.Admin, Now, Cancellation);
        var wide = new ChatEdit { Permissions = new ChatPermissions { EditInfo = true, Invite = true, Send = false } };
        Assert.Equal(ErrorCodes.Forbidden, (await Chats.EditAsync(bob.Id, id, wide, Now, Cancellation)).Failure!.Code);
        var same = new ChatEdit { Name = "By an admin", Public = false, Permissions = new ChatPermissions { Send = true } };
        Assert.Equal("By an admin", Value(await Chats.EditAsync(bob.Id, id, same, Now, Cancellation)).Answer.Row.Name);
        var may = Value(await Chats.EditAsync(ana.Id, id, wide, Now, Cancellation)).Answer.Row.MembersMay;
        Assert.Equal(MemberRights.Invite | MemberRights.EditInfo | MemberRights.History, may);

        await Members.ChangeRoleAsync(ana.Id, id, bob.Id, ChatRoles.Member, Now, Cancellation);
        Assert.Equal("By a member", Value(await Chats.EditAsync(bob.Id, id, new ChatEdit { Name = "By a member" }, Now, Cancellation)).Answer.Row.Name);
        Assert.Single(Value(await Members.AddAsync(bob.Id, id, [eve.Id], Now, Cancellation)).Answer);
    }

    [Fact]
    public async Task Open_chats_are_found_by_the_beginnings_of_their_words_and_others_are_not()
    {
        var (ana, bob) = (await JoinAsync("ana"), await JoinAsync("bob"));
        var word = Fresh("kino").Replace('.', 'x');
        var room = await CreateAsync(ana, ChatTypes.Room, $"Das {word}, heute");
        var channel = await CreateAsync(ana, ChatTypes.Channel, $"{word.ToUpperInvariant()} NEWS");
        await CreateAsync(ana, ChatTypes.Group, $"{word} privat");
        Assert.Equal([channel, room], await FoundAsync(bob, word[..^2]));
        Assert.Equal([room], await FoundAsync(bob, $"heu {word}"));
        Assert.Equal([room], await FoundAsync(bob, word, ChatTypes.Room));
        Assert.Empty(await FoundAsync(bob, word[2..]));

        var row = (await FindAsync(bob, room))!;
        Assert.Equal((null, 0, 1), (row.Role, row.ReadSeq, row.MemberCount));
        await Chats.EditAsync(ana.Id, channel, new ChatEdit { Public = false }, Now, Cancellation);
        await Chats.EditAsync(ana.Id, room, new ChatEdit { Name = "Other words", Public = false }, Now, Cancellation);
        Assert.Empty(await FoundAsync(bob, word));
        Assert.Null(await FindAsync(bob, channel));
        Assert.True((await FindAsync(bob, room))!.Public);
    }

    [Fact]
    public async Task Open_chats_are_listed_page_by_page()
    {
        var ana = await JoinAsync("ana");
        var word = Fresh("page").Replace('.', 'x');
        var made = new List<ChatId>();
        for (var i = 0; i < 5; i++)
            made.Add(await CreateAsync(ana, ChatTypes.Room, word));
        var found = new List<ChatRow>();
        while (await Chats.DiscoverAsync(ana.Id, new DiscoverWish(null, [word], found.LastOrDefault()?.No, 2), Cancellation) is { Count: > 0 } page)
            found.AddRange(page);
        made.Reverse();
        Assert.Equal(made, found.Select(row => row.Id));
    }

    [Fact]
    public async Task What_is_absent_of_my_settings_stays_and_null_clears()
    {
        var (ana, bob) = (await JoinAsync("ana"), await JoinAsync("bob"));
        var id = await CreateAsync(ana, members: bob);
        var until = Now.AddHours(8);
        var set = new SettingsChange { MutedUntil = new Optional<DateTimeOffset?>(until), Pinned = true, Draft = new Optional<string?>("Liebe 🎈") };
        var settings = Value(await Chats.ChangeSettingsAsync(bob.Id, id, set, Cancellation));
        Assert.Equal(new ChatSettings { ChatId = id, MutedUntil = until, Pinned = true, Archived = false, Draft = "Liebe 🎈" }, settings);
        settings = Value(await Chats.ChangeSettingsAsync(bob.Id, id, new SettingsChange { Archived = true, Draft = new Optional<string?>(null) }, Cancellation));
        Assert.Equal(new ChatSettings { ChatId = id, MutedUntil = until, Pinned = true, Archived = true, Draft = null }, settings);

        var row = (await SummaryAsync(bob, id)).Row;
        Assert.Equal((until, true, true, null), (row.MutedUntil, row.Pinned, row.Archived, row.Draft));
        Assert.False((await SummaryAsync(ana, id)).Row.Pinned);
        var eve = await JoinAsync("eve");
        Assert.Equal(ErrorCodes.NotFound, (await Chats.ChangeSettingsAsync(eve.Id, id, set, Cancellation)).Failure!.Code);
    }

    [Fact]
    public async Task A_summary_counts_what_waits_and_shows_what_is_mine()
    {
        var (ana, bob) = (await JoinAsync("ana"), await JoinAsync("bob"));
        var id = await CreateAsync(ana, members: bob);
        var first = await SendAsync(ana, id, $"hello @{bob.Username}");
        var second = await SendAsync(ana, id, "and again");
        await SendAsync(bob, id, "mine");
        var messages = new Server.Engines.Sql.Shared.SqlMessageStore(Database);
        var secondId = new MessageId(id, MessageKey.SeqOf(second.Key));
        var summary = await SummaryAsync(bob, id);
        Assert.Equal((2, 1, "mine"), (summary.Row.Unread, summary.Row.Mentions, summary.Last!.Content));

        await messages.DeleteAsync(ana.Id, new MessageId(id, MessageKey.SeqOf(first.Key)), Now, Cancellation);
        Assert.Equal((1, 0), ((await SummaryAsync(bob, id)).Row.Unread, (await SummaryAsync(bob, id)).Row.Mentions));

        var last = new MessageId(id, (await FindAsync(bob, id))!.Seq);
        await messages.ReactAsync(ana.Id, last, "👍", on: true, Now, Cancellation);
        await messages.BookmarkAsync(ana.Id, last, on: true, Now, Cancellation);
        Assert.Equal(["👍"], (await SummaryAsync(ana, id)).MyReactions!);
        Assert.True((await SummaryAsync(ana, id)).Row.LastKept);
        Assert.Null((await SummaryAsync(bob, id)).MyReactions);
        Assert.False((await SummaryAsync(bob, id)).Row.LastKept);
        Assert.Equal(secondId.Seq + 1, last.Seq);
    }

    private async Task<IReadOnlyList<ChatId>> FoundAsync(Person viewer, string words, string? type = null) =>
        [.. (await Chats.DiscoverAsync(viewer.Id, new DiscoverWish(type, NameForm.Words(words), BeforeNo: null, 100), Cancellation)).Select(row => row.Id)];
}
