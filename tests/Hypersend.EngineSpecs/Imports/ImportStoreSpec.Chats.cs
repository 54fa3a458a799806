using System.Globalization;
using System.Text.Json;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Features.Imports;
using Hypersend.Server.Features.Messages;

namespace Hypersend.EngineSpecs.Imports;

/// <summary>The chats they bring: each once, whoever is in it once, and messages only behind those that are here.</summary>
public abstract partial class ImportStoreSpec
{
    private const string Clock = "yyyy-MM-ddTHH:mm:ssZ";

    [Fact]
    public async Task A_chat_is_made_once_however_many_bring_it()
    {
        var (ana, ben) = (await JoinAsync("ana"), await JoinAsync("ben"));
        var group = ChatOf(ana);
        await Race.RunAsync(4, _ => Store.MakeChatAsync(group, Cancellation));
        var made = (await Store.FindChatAsync(group.Id, Cancellation))!;
        Assert.Equal((group.Id, 0, null), (made.Id, made.Seq, made.DeletedAt));

        // Two people have one chat of two, under whichever id it came first.
        var direct = ChatOf(ana) with { Type = ChatTypes.Direct, Name = "", Pair = (ana.Id, ben.Id) };
        Assert.Null(await Store.FindDirectAsync(ana.Id, ben.Id, Cancellation));
        await Store.MakeChatAsync(direct, Cancellation);
        var again = direct with { Id = NewChatId(), Pair = (ben.Id, ana.Id) };
        await Store.MakeChatAsync(again, Cancellation);
        Assert.Equal(direct.Id, (await Store.FindDirectAsync(ben.Id, ana.Id, Cancellation))!.Id);
        Assert.Null(await Store.FindChatAsync(again.Id, Cancellation));

        await ExecuteAsync("UPDATE chats SET deleted_at = @Now WHERE no = @No", new { Now, made.No });
        Assert.Equal(Now, (await Store.FindChatAsync(group.Id, Cancellation))!.DeletedAt);
        Assert.Equal(0, await Store.AppendAsync(group.Id, ana.Id, [Said(ana, 1)], Now, Cancellation));
    }

    [Fact]
    public async Task Whoever_was_in_it_stays_as_they_are_also_those_who_left()
    {
        var (ana, ben, eve) = (await JoinAsync("ana"), await JoinAsync("ben"), await JoinAsync("eve"));
        var chat = await MadeAsync(ana);
        await Store.AddMembersAsync(chat, [SeatOf(ana, ChatRoles.Owner), SeatOf(ben) with { Pinned = true, Draft = "so", MutedUntil = Now.AddHours(1) }], Now, Cancellation);
        var no = (await Store.FindChatAsync(chat, Cancellation))!.No;
        await ExecuteAsync("UPDATE chat_members SET left_at = @Now WHERE chat_no = @no AND user_id = @Id", new { Now, no, ben.Id });
        Assert.Equal((2, 2, 3), await HeadAsync(no));

        await Store.AddMembersAsync(chat, [SeatOf(ana), SeatOf(ben, ChatRoles.Admin), SeatOf(eve)], Now, Cancellation);
        await Store.AddMembersAsync(chat, [SeatOf(eve, ChatRoles.Admin), SeatOf(ana)], Now, Cancellation);
        Assert.Equal((3, 3, 4), await HeadAsync(no));
        var seats = await Database.ReadAsync(
            sql => sql.ListAsync<string>(
                "SELECT u.username || ' ' || m.role || CASE WHEN m.left_at IS NULL THEN '' ELSE ' left' END FROM chat_members m JOIN users u ON u.id = m.user_id WHERE m.chat_no = @no",
                new { no }),
            Cancellation);
        Assert.Equal(new[] { ana.Username + " owner", ben.Username + " member left", eve.Username + " member" }.ToHashSet(), seats.ToHashSet());
    }

    [Fact]
    public async Task Messages_keep_their_numbers_and_are_no_news_and_what_is_said_next_is()
    {
        var (ana, ben, late) = (await JoinAsync("ana"), await JoinAsync("ben"), await JoinAsync("late"));
        var chat = await MadeAsync(ana, ben);
        await Store.AddMembersAsync(chat, [SeatOf(late) with { VisibleFrom = 3 }], Now, Cancellation);
        var no = (await Store.FindChatAsync(chat, Cancellation))!.No;
        var before = (await HeadAsync(no)).Rev;
        var messages = new[]
        {
            new ImportedMessage(1, RowOf(ana) with { Type = MessageTypes.System, System = JsonSerializer.Serialize(new SystemNote { Event = SystemEvents.ChatCreated }, StoredJson.Default.SystemNote) }),
            new ImportedMessage(2, RowOf(ana, "the first") with { Reactions = """[{"emoji":"👍","count":1}]""", ThreadCount = 1, PinnedAt = Now, EditedAt = Now }) { MyReactions = ["👍"], Bookmarked = true },
            new ImportedMessage(3, RowOf(ben, "an answer")) { ReplySeq = 2 },
            new ImportedMessage(4, RowOf(ben, "in the thread")) { ThreadSeq = 2 },
            new ImportedMessage(5, RowOf(ana) with { DeletedAt = Now }),
        };
        Assert.Equal(3, await Store.AppendAsync(chat, ana.Id, messages[..3], Now, Cancellation));

        // The next command begins anew, and finds what is here.
        Assert.Equal(2, await Store.AppendAsync(chat, ana.Id, messages, Now, Cancellation));
        Assert.Equal(0, await Store.AppendAsync(chat, ana.Id, messages, Now, Cancellation));
        await AssertWholeAsync(chat);
        Assert.Equal(before + 5, (await HeadAsync(no)).Rev);
        Assert.Equal(5, (await Syncs.ChangesAsync(no, before, Cancellation))!.Count);

        var seen = await PageAsync(ana, chat);
        Assert.Equal([null, "the first", "an answer", "in the thread", null], seen.Select(message => message.Row.Content));
        Assert.Equal((2L, 2L), (MessageKey.SeqOf(seen[2].Row.ReplyKey!.Value), MessageKey.SeqOf(seen[3].Row.ThreadKey!.Value)));
        var (first, deleted) = (seen[1], seen[4]);
        Assert.Equal((true, 1, Now, Now), (first.Bookmarked, first.Row.ThreadCount, first.Row.PinnedAt, first.Row.EditedAt));
        Assert.Equal(["👍"], first.MyReactions!);
        Assert.Equal(Now, deleted.Row.DeletedAt);
        Assert.Equal((false, true), ((await PageAsync(ben, chat))[1].Bookmarked, (await PageAsync(ben, chat))[1].MyReactions is null or { Count: 0 }));
        Assert.Equal([4L, 5L], (await PageAsync(late, chat)).Select(message => MessageKey.SeqOf(message.Row.Key)));

        foreach (var person in new[] { ana, ben, late })
            Assert.Equal((0, 0), await WaitingAsync(person, chat));
        Assert.Equal(6, MessageKey.SeqOf((await SendAsync(ana, chat, "here now")).Key));
        Assert.Equal((1, 0), await WaitingAsync(ben, chat));
        Assert.Equal((1, 0), await WaitingAsync(late, chat));
    }

    [Fact]
    public async Task Two_that_bring_the_same_messages_at_once_bring_each_once()
    {
        var ana = await JoinAsync("ana");
        var chat = await MadeAsync(ana);
        var messages = Enumerable.Range(1, 40).Select(seq => Said(ana, seq)).ToArray();
        var brought = await Race.RunAsync(4, runner => Store.AppendAsync(chat, ana.Id, messages[..(10 * (runner + 1))], Now, Cancellation));
        Assert.Equal(40, brought.Sum());
        await AssertWholeAsync(chat);
        Assert.Equal(Enumerable.Range(1, 40).Select(Text), (await PageAsync(ana, chat)).Select(message => message.Row.Content));
    }

    [Fact]
    public async Task What_is_here_is_known_by_who_said_it_and_when()
    {
        var (ana, ben) = (await JoinAsync("ana"), await JoinAsync("ben"));
        var (chat, other) = (await MadeAsync(ana, ben), await MadeAsync(ana));

        // What somebody did not see is not in their export: it begins later.
        await Store.AppendAsync(chat, ana.Id, [Said(ana, 4), Said(ben, 5)], Now, Cancellation);
        await Store.AppendAsync(other, ana.Id, [Said(ana, 1)], Now, Cancellation);
        var here = (await Store.FindChatAsync(chat, Cancellation))!;
        Assert.Equal(5, here.Seq);
        var marks = await Store.MarksAsync(here.No, [1, 4, 5, 6], Cancellation);
        Assert.Equal([new MessageMark(4, ana.Id, At(4)), new MessageMark(5, ben.Id, At(5))], marks.OrderBy(mark => mark.Seq));
        Assert.Empty(await Store.MarksAsync(here.No, [], Cancellation));
        Assert.Equal(6, MessageKey.SeqOf((await SendAsync(ben, chat, "and on")).Key));
    }

    [Fact]
    public async Task A_file_that_a_message_brings_is_in_use_and_seen_by_who_may_read_it()
    {
        var (ana, ben, eve) = (await JoinAsync("ana"), await JoinAsync("ben"), await JoinAsync("eve"));
        var chat = await MadeAsync(ana, ben);
        var file = await ReadyAsync(NewFileOf(ana, 100));
        Assert.Null(await Files.FindAsync(ben.Id, file.Id, Cancellation));
        await ExecuteAsync("UPDATE files SET unused_at = @Now WHERE id = @Id", new { Now, file.Id });
        var row = RowOf(ana) with { Type = MessageTypes.Document, Files = JsonSerializer.Serialize([FileView.Card(file)], StoredJson.Default.SharedFileArray) };
        Assert.Equal(1, await Store.AppendAsync(chat, ana.Id, [new ImportedMessage(1, row) { Files = [(0, file.Id)] }], Now, Cancellation));

        Assert.NotNull(await Files.FindAsync(ben.Id, file.Id, Cancellation));
        Assert.Null(await Files.FindAsync(eve.Id, file.Id, Cancellation));
        Assert.Equal(file.Id, Assert.Single(Answer(await Files.OfChatAsync(ben.Id, chat, long.MaxValue, 10, Cancellation))).File.Id);
        Assert.Null(await Database.ReadAsync(sql => sql.ScalarAsync<long?>("SELECT unused_at FROM files WHERE id = @Id", new { file.Id }), Cancellation));
    }

    private static ChatId NewChatId() => new(Guid.CreateVersion7(Now));

    private static ImportedChat ChatOf(Person owner) => new()
    {
        Id = NewChatId(),
        Type = ChatTypes.Group,
        Name = "A chat",
        Description = "",
        Public = false,
        MembersMay = 17,
        CreatedBy = owner.Id,
        CreatedAt = Now,
    };

    private static ImportedMember SeatOf(Person person, string role = ChatRoles.Member) => new() { User = person.Id, Role = role, JoinedAt = Now, VisibleFrom = 0 };

    private static DateTimeOffset At(long seq) => Now.AddMinutes(seq);

    private static MessageRow RowOf(Person sender, string? content = null) => new() { SenderId = sender.Id, Type = MessageTypes.Text, Content = content, CreatedAt = Now };

    private static ImportedMessage Said(Person sender, int seq) => new(seq, RowOf(sender, Text(seq)) with { CreatedAt = At(seq), ClientId = At(seq).ToString(Clock, CultureInfo.InvariantCulture) });

    /// <summary>A chat that came, of which the first one is the owner.</summary>
    private async Task<ChatId> MadeAsync(params Person[] people)
    {
        var chat = ChatOf(people[0]);
        await Store.MakeChatAsync(chat, Cancellation);
        await Store.AddMembersAsync(chat.Id, [.. people.Select((person, place) => SeatOf(person, place == 0 ? ChatRoles.Owner : ChatRoles.Member))], Now, Cancellation);
        return chat.Id;
    }

    private async Task<IReadOnlyList<MessageSeen>> PageAsync(Person viewer, ChatId chat) =>
        Answer(await Messages.PageAsync(viewer.Id, chat, new PageWish(null, 0, null, 200, null), Cancellation)).Items;

    private async Task<(int Members, long Version, long Rev)> HeadAsync(long no)
    {
        var head = Assert.Single(await Syncs.HeadsAsync([no], Cancellation));
        var members = await Database.ReadAsync(sql => sql.ScalarAsync<int>("SELECT member_count FROM chat_heads WHERE chat_no = @no", new { no }), Cancellation);
        return (members, head.MembersVersion, head.Rev);
    }
}
