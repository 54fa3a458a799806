using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Realtime;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Features.Messages;

namespace Hypersend.EngineSpecs.Messages;

/// <summary>ISyncStore: what changed since a cursor, each thing once, or the word to start afresh.</summary>
public abstract class SyncSpec(Engine engine) : ConversationSpec(engine)
{
    [Fact]
    public async Task What_moved_comes_once_as_it_is_now()
    {
        var (ana, ben) = (await JoinAsync("ana"), await JoinAsync("ben"));
        var (chat, quiet) = (await GroupAsync(ana, ben), await GroupAsync(ana, ben));
        var first = await SendAsync(ana, chat, "first");
        var second = await SendAsync(ana, chat, "second");
        var cursors = await CursorsAsync(ben);
        Answer(await Messages.EditAsync(ana.Id, IdOf(chat, first), "first!", Now, Cancellation));
        Answer(await Messages.ReactAsync(ben.Id, IdOf(chat, first), "👍", on: true, Now, Cancellation));
        Answer(await Messages.DeleteAsync(ana.Id, IdOf(chat, second), Now, Cancellation));
        await SendAsync(ben, chat, "third");

        var answer = await Syncs.SyncAsync(ben.Id, cursors, only: null, Cancellation);
        var sync = Assert.Single(answer.Moved).Sync;
        Assert.False(sync.Reset);
        Assert.Equal(["first!", null, "third"], sync.Messages.Select(message => message.Content));
        Assert.True(Assert.Single(sync.Messages[0].Reactions).Me);
        Assert.NotNull(sync.Messages[1].DeletedAt);
        Assert.Equal(sync.Rev, sync.Messages.Max(message => message.Rev));
        Assert.Equal([ana.Id, ben.Id], sync.Users.Select(user => user.Id));
        Assert.Equal([chat, quiet], answer.States.Select(state => state.Id).Where(id => id == chat || id == quiet).OrderBy(id => id == quiet));
        Assert.Empty(answer.Removed);
    }

    [Fact]
    public async Task Nothing_new_is_nothing_to_send()
    {
        var (ana, ben) = (await JoinAsync("ana"), await JoinAsync("ben"));
        var chat = await GroupAsync(ana, ben);
        await SendAsync(ana, chat, "one");
        var answer = await Syncs.SyncAsync(ben.Id, await CursorsAsync(ben), only: null, Cancellation);
        Assert.Empty(answer.Moved);
        Assert.Equal(1, Assert.Single(answer.States, state => state.Id == chat).Unread);
    }

    [Fact]
    public async Task A_chat_without_a_cursor_comes_with_its_last_message_only()
    {
        var (ana, ben) = (await JoinAsync("ana"), await JoinAsync("ben"));
        var chat = await GroupAsync(ana, ben);
        await SendAsync(ana, chat, "one");
        await SendAsync(ana, chat, "two");
        var sync = (await Syncs.SyncAsync(ben.Id, new Dictionary<ChatId, long>(), [chat], Cancellation)).Moved.Single().Sync;
        Assert.True(sync.Reset);
        Assert.Equal("two", Assert.Single(sync.Messages).Content);
        Assert.Equal(2, sync.Members!.Count);
    }

    [Theory]
    [InlineData(500, false)]
    [InlineData(501, true)]
    public async Task More_than_five_hundred_changes_start_the_chat_afresh(int messages, bool reset)
    {
        var (ana, ben) = (await JoinAsync("ana"), await JoinAsync("ben"));
        var chat = await GroupAsync(ana, ben);
        var cursors = await CursorsAsync(ben);
        await AppendAsync([.. Enumerable.Range(1, messages).Select(i => new NewMessage { Sender = ana.Id, Chat = chat, Content = Text(i) })]);
        var sync = (await Syncs.SyncAsync(ben.Id, cursors, only: null, Cancellation)).Moved.Single().Sync;
        Assert.Equal(reset, sync.Reset);
        Assert.Equal(reset ? 50 : 500, sync.Messages.Count);
        Assert.Equal(Text(messages), sync.Messages[^1].Content);
    }

    [Fact]
    public async Task A_cursor_from_the_future_starts_the_chat_afresh()
    {
        var ana = await JoinAsync("ana");
        var chat = await GroupAsync(ana);
        await SendAsync(ana, chat, "one");
        var sync = (await Syncs.SyncAsync(ana.Id, new Dictionary<ChatId, long> { [chat] = 99 }, [chat], Cancellation)).Moved.Single().Sync;
        Assert.True(sync.Reset);
        Assert.Equal(2, sync.Rev);
    }

    [Fact]
    public async Task A_chat_that_is_not_mine_any_more_is_named_as_removed_and_shows_nothing()
    {
        var (ana, eve) = (await JoinAsync("ana"), await JoinAsync("eve"));
        var (chat, secret) = (await GroupAsync(ana, eve), await GroupAsync(ana));
        await SendAsync(ana, secret, "not for eve");
        await ExecuteAsync("UPDATE chat_members SET left_at = @Now WHERE user_id = @Id AND chat_no = (SELECT no FROM chats WHERE id = @chat)", new { Now, eve.Id, chat });
        var answer = await Syncs.SyncAsync(eve.Id, new Dictionary<ChatId, long> { [chat] = 1, [secret] = 0 }, only: null, Cancellation);
        Assert.Equal(new HashSet<ChatId> { chat, secret }, answer.Removed.ToHashSet());
        Assert.DoesNotContain(answer.Moved, moved => moved.Sync.Chat.Id == secret || moved.Sync.Chat.Id == chat);
        Assert.DoesNotContain(answer.Listened, listened => listened.Id == chat);
    }

    [Fact]
    public async Task Newcomers_see_nothing_from_before_their_time_when_the_chat_says_so()
    {
        var (ana, ben) = (await JoinAsync("ana"), await JoinAsync("ben"));
        var chat = await GroupAsync(ana, ben);
        var old = await SendAsync(ana, chat, "before");
        Answer(await Messages.BookmarkAsync(ben.Id, IdOf(chat, old), on: true, Now, Cancellation));
        await ExecuteAsync("UPDATE chat_members SET visible_from = 1, read_seq = 1, read_counted = 1 WHERE user_id = @Id", new { ben.Id });
        await SendAsync(ana, chat, "after");
        Answer(await Messages.EditAsync(ana.Id, IdOf(chat, old), "before, edited", Now, Cancellation));
        var sync = (await Syncs.SyncAsync(ben.Id, new Dictionary<ChatId, long> { [chat] = 1 }, [chat], Cancellation)).Moved.Single().Sync;
        Assert.Equal("after", Assert.Single(sync.Messages).Content);
        Refused("not_found", await Messages.FindAsync(ben.Id, IdOf(chat, old), Cancellation));
        Assert.Empty(await Messages.BookmarksAsync(ben.Id, DateTimeOffset.MaxValue, 0, 50, Cancellation));
        Assert.Equal("after", Assert.Single(Answer(await Messages.PageAsync(ben.Id, chat, new PageWish(null, null, null, 50, null), Cancellation)).Items).Row.Content);
    }

    [Fact]
    public async Task A_gap_is_repaired_with_exactly_the_missing_events_or_not_at_all()
    {
        var ana = await JoinAsync("ana");
        var chat = await GroupAsync(ana);
        var number = (await Syncs.ChatsOfAsync(ana.Id, Cancellation)).Single(one => one.Id == chat).No;
        await SendAsync(ana, chat, "one");
        var two = await SendAsync(ana, chat, "two");
        await SendAsync(ana, chat, "three");
        var events = await Syncs.ChangesAsync(number, 2, Cancellation);
        Assert.Equal([3L, 4L], events!.Select(one => one.Rev));
        Assert.Contains("\"three\"", System.Text.Encoding.UTF8.GetString(events![1].Json.Span), StringComparison.Ordinal);

        // The second one changed: its first rev is in no row any more.
        Answer(await Messages.EditAsync(ana.Id, IdOf(chat, two), "two!", Now, Cancellation));
        Assert.Null(await Syncs.ChangesAsync(number, 2, Cancellation));
        Assert.Equal([4L, 5L], (await Syncs.ChangesAsync(number, 3, Cancellation))!.Select(one => one.Rev));
    }

    [Fact]
    public async Task Direct_chats_name_the_other_and_tell_how_far_they_are()
    {
        var (ana, ben) = (await JoinAsync("ana"), await JoinAsync("ben"));
        var chat = await ChatAsync(ChatTypes.Direct, ana, ben);
        await SendAsync(ana, chat, "hi");
        await ReadToAsync(ben, chat, 1);
        var answer = await Syncs.SyncAsync(ana.Id, new Dictionary<ChatId, long>(), [chat], Cancellation);
        Assert.Equal(("ben", ben.Id), (answer.Moved[0].Sync.Chat.Name, answer.Moved[0].Sync.Chat.Peer!.Id));
        Assert.Equal(new PeerMarks { Read = 1, Delivered = 1 }, Assert.Single(answer.States).Peers![ben.Id.ToString()]);
    }

    [Fact]
    public async Task Who_came_in_lately_and_is_there_still_is_found_whichever_chat_it_is()
    {
        var (ana, ben) = (await JoinAsync("ana"), await JoinAsync("ben"));
        var (chat, _) = (await GroupAsync(ana, ben), await GroupAsync(ana));
        await ExecuteAsync(
            "UPDATE chat_members SET left_at = @Now WHERE user_id = @ben AND chat_no = (SELECT no FROM chats WHERE id = @chat)", new { Now, ben = ben.Id, chat });
        var found = await Syncs.JoinedSinceAsync(Now.AddSeconds(-1), Cancellation);

        // Both have their notes to themselves, too.
        Assert.Equal(3, found.Count(newcomer => newcomer.UserId == ana.Id));
        Assert.Single(found, newcomer => newcomer.UserId == ben.Id);
        Assert.Empty(await Syncs.JoinedSinceAsync(Now.AddDays(1), Cancellation));
    }

    private async Task<Dictionary<ChatId, long>> CursorsAsync(Person person) =>
        (await Syncs.ChatsOfAsync(person.Id, Cancellation)).ToDictionary(chat => chat.Id, chat => chat.Rev);
}

public sealed class SyncOnSqlite(SqliteEngine engine) : SyncSpec(engine), IClassFixture<SqliteEngine>;

public sealed class SyncOnPostgres(PostgresEngine engine) : SyncSpec(engine), IClassFixture<PostgresEngine>;
