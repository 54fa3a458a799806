using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Features.Presence;

namespace Hypersend.EngineSpecs.Chats;

/// <summary>IChatStore: making, finding and listing chats.</summary>
public abstract partial class ChatStoreSpec(Engine engine) : ChatSpec(engine)
{
    [Fact]
    public async Task Everybody_has_their_saved_chat_from_the_start()
    {
        var ana = await JoinAsync("ana");
        var saved = Assert.Single(await ListAsync(ana));
        Assert.Equal((new ChatId(ana.Id.Value), ChatTypes.Saved, ChatRoles.Owner, 1), (saved.Row.Id, saved.Row.Type, saved.Row.Role, saved.Row.MemberCount));
        Assert.Equal((0, 1, 0), (saved.Row.Seq, saved.Row.Rev, saved.Row.Unread));
    }

    [Fact]
    public async Task A_group_begins_with_a_note_and_its_members()
    {
        var (ana, bob, eve) = (await JoinAsync("ana"), await JoinAsync("bob"), await JoinAsync("eve"));
        var made = Value(await TryCreateAsync(ana, ChatTypes.Group, "Trip 🎒", [bob]));
        Assert.Equal(("Trip 🎒", ChatRoles.Owner, 2, 1, 1), (made.Answer.Row.Name, made.Answer.Row.Role, made.Answer.Row.MemberCount, made.Answer.Row.Seq, made.Answer.Row.Rev));
        Assert.Equal([ana.Id, bob.Id], made.Change!.Joined);
        Assert.Equal(1, Assert.Single(made.Change.Steps).Rev);
        var id = made.Answer.Row.Id;
        Assert.Contains("chat_created", Assert.Single(await NotesAsync(id)), StringComparison.Ordinal);
        Assert.Equal(0, (await SummaryAsync(bob, id)).Row.Unread);
        Assert.Equal(new Dictionary<UserId, string> { [ana.Id] = ChatRoles.Owner, [bob.Id] = ChatRoles.Member }, await RolesAsync(bob, id));
        Assert.Null(await FindAsync(eve, id));
        Assert.Equal(ErrorCodes.NotFound, (await Members.ListAsync(eve.Id, id, default, 10, Cancellation)).Failure!.Code);
    }

    [Fact]
    public async Task Two_people_have_one_direct_chat_whoever_opens_it()
    {
        var (ana, bob) = (await JoinAsync("ana"), await JoinAsync("bob"));
        var opened = await Race.RunAsync(8, i => i % 2 == 0 ? OpenAsync(ana, bob) : OpenAsync(bob, ana));
        Assert.Single(opened.Select(one => one.Chat.Row.Id).Distinct());
        Assert.Single(opened, one => one.IsNew);
        var seen = (await OpenAsync(ana, bob)).Chat;
        Assert.Equal((bob.Id, ChatRoles.Member, 2), (seen.Peer!.Id, seen.Row.Role, seen.Row.MemberCount));
        Assert.Equal(ana.Id, (await OpenAsync(bob, ana)).Chat.Peer!.Id);
    }

    [Fact]
    public async Task Who_is_blocked_cannot_open_a_direct_chat_but_keeps_an_old_one()
    {
        var (ana, bob, eve) = (await JoinAsync("ana"), await JoinAsync("bob"), await JoinAsync("eve"));
        var old = (await OpenAsync(ana, bob)).Chat.Row.Id;
        await Users.BlockAsync(ana.Id, bob.Id, Now, Cancellation);
        await Users.BlockAsync(ana.Id, eve.Id, Now, Cancellation);
        Assert.Equal(old, (await OpenAsync(bob, ana)).Chat.Row.Id);
        Assert.Equal(ErrorCodes.Blocked, (await Chats.OpenDirectAsync(eve.Id, ana.Id, NewId(), Now, Cancellation)).Failure!.Code);
        Assert.True((await OpenAsync(ana, eve)).IsNew);
    }

    [Fact]
    public async Task Nobody_who_is_gone_blocked_or_unknown_is_brought_into_a_chat()
    {
        var (ana, bob, gone) = (await JoinAsync("ana"), await JoinAsync("bob"), await JoinAsync("gone"));
        await Users.DeleteAsync(gone.Id, Now, Cancellation);
        await Users.BlockAsync(bob.Id, ana.Id, Now, Cancellation);
        var unknown = gone with { Id = new UserId(Guid.CreateVersion7(Now)) };
        Assert.Equal(ErrorCodes.NoSuchPerson, (await TryCreateAsync(ana, members: gone)).Failure!.Code);
        Assert.Equal(ErrorCodes.NoSuchPerson, (await TryCreateAsync(ana, members: unknown)).Failure!.Code);
        Assert.Equal(ErrorCodes.Blocked, (await TryCreateAsync(ana, members: bob)).Failure!.Code);
        Assert.Equal(ErrorCodes.NoSuchPerson, (await Chats.OpenDirectAsync(ana.Id, gone.Id, NewId(), Now, Cancellation)).Failure!.Code);
    }

    [Fact]
    public async Task The_list_goes_by_activity_page_by_page()
    {
        var (ana, bob) = (await JoinAsync("ana"), await JoinAsync("bob"));
        var chats = new List<ChatId>();
        for (var i = 0; i < 7; i++)
            chats.Add(await CreateAsync(ana, members: bob));
        for (var i = 0; i < 7; i++)
            await SendAsync(bob, chats[(i * 3) % 7], $"message {i}", Now.AddMinutes(1 + i));

        var expected = Enumerable.Range(0, 7).Reverse().Select(i => chats[(i * 3) % 7]).ToList();
        var listed = new List<SummarySeen>();
        ActivityMark? after = null;
        while (await Chats.ListAsync(ana.Id, new ListWish(ChatTypes.Group, after, 3), Cancellation) is { Count: > 0 } page)
        {
            listed.AddRange(page);
            after = new ActivityMark(page[^1].Row.ActivityAt, page[^1].Row.No);
        }

        Assert.Equal(expected, listed.Select(one => one.Row.Id));
        Assert.Equal(Enumerable.Range(0, 7).Reverse().Select(i => $"message {i}"), listed.Select(one => one.Last!.Content));
        Assert.All(listed, one => Assert.Equal((1, bob.Username), (one.Row.Unread, one.Last!.SenderUsername)));
    }

    [Fact]
    public async Task However_many_chats_there_are_the_list_is_two_questions()
    {
        var (ana, bob) = (await JoinAsync("ana"), await JoinAsync("bob"));
        var messages = new SqlMessageStore(Database);
        for (var i = 0; i < 40; i++)
        {
            var id = await CreateAsync(ana, members: bob);
            var sent = await SendAsync(bob, id, $"Look @{ana.Username}");
            await messages.ReactAsync(ana.Id, new MessageId(id, MessageKey.SeqOf(sent.Key)), "👀", on: true, Now, Cancellation);
            await OpenAsync(ana, await JoinAsync("peer"));
        }

        var counting = new CountingDatabase(Database);
        var listed = await new SqlChatStore(counting, new PresenceTable(TimeProvider.System)).ListAsync(ana.Id, new ListWish(Type: null, After: null, 1000), Cancellation);
        Assert.Equal((81, 2), (listed.Count, counting.Statements));
        Assert.Equal(40, listed.Count(one => one.MyReactions is not null && one.Row is { Unread: 1, Mentions: 1 }));
        Assert.Equal(40, listed.Count(one => one.Peer is not null));
    }
}

public sealed class ChatStoreOnSqlite(SqliteEngine engine) : ChatStoreSpec(engine), IClassFixture<SqliteEngine>;

public sealed class ChatStoreOnPostgres(PostgresEngine engine) : ChatStoreSpec(engine), IClassFixture<PostgresEngine>;
