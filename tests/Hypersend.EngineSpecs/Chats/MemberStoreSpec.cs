using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Realtime;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Realtime;

namespace Hypersend.EngineSpecs.Chats;

/// <summary>IMemberStore: who comes, who is what, who goes.</summary>
public abstract partial class MemberStoreSpec(Engine engine) : ChatSpec(engine)
{
    [Fact]
    public async Task Who_is_added_to_a_group_is_news_for_all_with_revs_of_their_own()
    {
        var (ana, bob, eve, zoe) = (await JoinAsync("ana"), await JoinAsync("bob"), await JoinAsync("eve"), await JoinAsync("zoe"));
        var id = await CreateAsync(ana, members: bob);
        var added = Value(await Members.AddAsync(ana.Id, id, [bob.Id, eve.Id, zoe.Id], Now, Cancellation));
        Assert.Equal(3, added.Answer.Count);
        Assert.Equal([2L, 3L, 4L, 5L], added.Change!.Steps.Select(step => step.Rev));
        Assert.Equal(new HashSet<UserId> { eve.Id, zoe.Id }, added.Change.Joined.ToHashSet());
        Assert.Equal(4, added.Change.MemberCount);
        Assert.Equal((3, 5, 4), await HeadAsync(ana, id));
        Assert.Equal([1L, 3L, 5L], (await MemberRevsAsync(id)).Distinct().Order());

        var again = Value(await Members.AddAsync(ana.Id, id, [eve.Id], Now, Cancellation));
        Assert.Null(again.Change);
        Assert.Equal((3, 5, 4), await HeadAsync(ana, id));
    }

    [Fact]
    public async Task Rooms_and_channels_write_nothing_down_when_plain_members_come_and_go()
    {
        foreach (var type in new[] { ChatTypes.Room, ChatTypes.Channel })
        {
            var (ana, bob) = (await JoinAsync("ana"), await JoinAsync("bob"));
            var id = await CreateAsync(ana, type);
            var joined = Value(await Members.JoinAsync(bob.Id, id, Now, Cancellation));
            Assert.Equal((ChatRules.PlainRole(type), 2), (joined.Answer.Row.Role, joined.Answer.Row.MemberCount));
            Assert.Empty(joined.Change!.Steps);
            Assert.Equal([bob.Id], joined.Change.Joined);
            Assert.Equal((1, 1, 2), await HeadAsync(ana, id));
            Assert.Null(Value(await Members.JoinAsync(bob.Id, id, Now, Cancellation)).Change);

            var left = Value(await Members.LeaveAsync(bob.Id, id, Now, Cancellation));
            Assert.Empty(left.Change!.Steps);
            Assert.Equal([bob.Id], left.Change.Left);
            Assert.Equal(joined.Change.MembersVersion + 1, left.Change.MembersVersion);
            Assert.Equal((1, 1, 1), await HeadAsync(ana, id));
            Assert.Equal(ErrorCodes.NotFound, (await Members.LeaveAsync(bob.Id, id, Now, Cancellation)).Failure!.Code);
        }
    }

    [Fact]
    public async Task What_was_written_before_is_no_news_to_newcomers_and_hidden_when_the_chat_says_so()
    {
        var (ana, bob, eve) = (await JoinAsync("ana"), await JoinAsync("bob"), await JoinAsync("eve"));
        var id = await CreateAsync(ana);
        await SendAsync(ana, id, "before");
        await Members.AddAsync(ana.Id, id, [bob.Id], Now, Cancellation);
        Assert.Equal(0, (await SummaryAsync(bob, id)).Row.Unread);
        Assert.Equal(0, await VisibleFromAsync(id, bob));

        await Chats.EditAsync(ana.Id, id, new ChatEdit { Permissions = new ChatPermissions { History = false } }, Now, Cancellation);
        await SendAsync(ana, id, "secret");
        var head = (await FindAsync(ana, id))!.Seq;
        await Members.AddAsync(ana.Id, id, [eve.Id], Now, Cancellation);
        Assert.Equal(head, await VisibleFromAsync(id, eve));
        Assert.Equal(0, (await SummaryAsync(eve, id)).Row.Unread);
        Assert.Equal("system", (await SummaryAsync(eve, id)).Last!.Type);
        await SendAsync(ana, id, "after");
        Assert.Equal((1, 2), ((await SummaryAsync(eve, id)).Row.Unread, (await SummaryAsync(bob, id)).Row.Unread));
    }

    [Fact]
    public async Task Who_left_keeps_a_tombstone_and_comes_back_into_the_same_row()
    {
        var (ana, bob) = (await JoinAsync("ana"), await JoinAsync("bob"));
        var id = await CreateAsync(ana, members: bob);
        await SendAsync(ana, id, "unread");
        await Chats.ChangeSettingsAsync(bob.Id, id, new SettingsChange { Pinned = true }, Cancellation);
        var left = Value(await Members.LeaveAsync(bob.Id, id, Now, Cancellation)).Change!;
        Assert.Equal(EventTypes.MemberLeft, Assert.IsType<MemberStep>(left.Steps[^1]).Type);
        Assert.Equal([bob.Id], left.Left);
        Assert.Contains(left.Rev, await MemberRevsAsync(id));
        Assert.Null(await FindAsync(bob, id));
        Assert.DoesNotContain(await ListAsync(bob), one => one.Row.Id == id);

        await Members.AddAsync(ana.Id, id, [bob.Id], Now.AddDays(1), Cancellation);
        var back = await SummaryAsync(bob, id);
        Assert.Equal((0, true, ChatRoles.Member, 2), (back.Row.Unread, back.Row.Pinned, back.Row.Role, back.Row.MemberCount));
    }

    [Fact]
    public async Task The_last_owner_stays_while_others_do_and_the_last_to_leave_ends_the_chat()
    {
        var (ana, bob) = (await JoinAsync("ana"), await JoinAsync("bob"));
        var id = await CreateAsync(ana, members: bob);
        Assert.Equal(ErrorCodes.LastOwner, (await Members.LeaveAsync(ana.Id, id, Now, Cancellation)).Failure!.Code);
        Assert.Equal(ErrorCodes.LastOwner, (await Members.ChangeRoleAsync(ana.Id, id, ana.Id, ChatRoles.Member, Now, Cancellation)).Failure!.Code);

        Value(await Members.ChangeRoleAsync(ana.Id, id, bob.Id, ChatRoles.Owner, Now, Cancellation));
        Value(await Members.ChangeRoleAsync(ana.Id, id, ana.Id, ChatRoles.Member, Now, Cancellation));
        Assert.False(Value(await Members.LeaveAsync(ana.Id, id, Now, Cancellation)).Ended);
        var last = Value(await Members.LeaveAsync(bob.Id, id, Now, Cancellation));
        Assert.True(last.Ended);
        Assert.Equal([bob.Id], last.Change!.Left);
        Assert.Null(await Chats.FindTypeAsync(id, Cancellation));
    }

    [Fact]
    public async Task Of_two_owners_that_leave_at_once_one_stays()
    {
        for (var round = 0; round < 10; round++)
        {
            var (ana, bob, eve) = (await JoinAsync("ana"), await JoinAsync("bob"), await JoinAsync("eve"));
            var id = await CreateAsync(ana, ChatTypes.Group, null, bob, eve);
            Value(await Members.ChangeRoleAsync(ana.Id, id, bob.Id, ChatRoles.Owner, Now, Cancellation));
            var owners = new[] { ana, bob };
            var left = await Race.RunAsync(2, i => Members.LeaveAsync(owners[i].Id, id, Now, Cancellation));
            Assert.Single(left, one => one.Failure is null);
            Assert.Single(left, one => one.Failure?.Code == ErrorCodes.LastOwner);
            Assert.Single(await RolesAsync(eve, id), pair => pair.Value == ChatRoles.Owner);
        }
    }

    [Fact]
    public async Task A_role_is_a_change_and_in_channels_no_note()
    {
        var (ana, bob) = (await JoinAsync("ana"), await JoinAsync("bob"));
        var group = await CreateAsync(ana, members: bob);
        var change = Value(await Members.ChangeRoleAsync(ana.Id, group, bob.Id, ChatRoles.Admin, Now, Cancellation)).Change!;
        Assert.Equal((2, EventTypes.MemberUpdated), (change.Steps.Count, Assert.IsType<MemberStep>(change.Steps[1]).Type));
        Assert.Contains("role_changed", (await NotesAsync(group))[1], StringComparison.Ordinal);

        var channel = await CreateAsync(ana, ChatTypes.Channel, null, bob);
        change = Value(await Members.ChangeRoleAsync(ana.Id, channel, bob.Id, ChatRoles.Admin, Now, Cancellation)).Change!;
        Assert.Equal(EventTypes.MemberUpdated, Assert.IsType<MemberStep>(Assert.Single(change.Steps)).Type);
        Assert.Single(await NotesAsync(channel));

        // Who helps to run a channel does not go unnoticed, though without a note.
        var left = Value(await Members.LeaveAsync(bob.Id, channel, Now, Cancellation)).Change!;
        Assert.Equal(EventTypes.MemberLeft, Assert.IsType<MemberStep>(Assert.Single(left.Steps)).Type);
    }

    [Fact]
    public async Task A_direct_chat_that_was_left_is_hidden_until_the_next_message()
    {
        var (ana, bob) = (await JoinAsync("ana"), await JoinAsync("bob"));
        var id = (await OpenAsync(ana, bob)).Chat.Row.Id;
        await SendAsync(bob, id, "one");
        var gone = Value(await Members.LeaveAsync(ana.Id, id, Now, Cancellation));
        Assert.Equal((true, false, null), (gone.Hidden, gone.Ended, gone.Change));
        Assert.DoesNotContain(await ListAsync(ana), one => one.Row.Id == id);
        Assert.Contains(await ListAsync(bob), one => one.Row.Id == id);

        await SendAsync(bob, id, "two");
        Assert.Equal("two", (await SummaryAsync(ana, id)).Last!.Content);
        await Members.LeaveAsync(ana.Id, id, Now, Cancellation);
        var opened = await OpenAsync(ana, bob);
        Assert.Equal((id, false, true), (opened.Chat.Row.Id, opened.IsNew, opened.WasHidden));
        Assert.Contains(await ListAsync(ana), one => one.Row.Id == id);
        Assert.False((await OpenAsync(ana, bob)).WasHidden);
    }

    [Fact]
    public async Task Everybody_sees_a_chat_from_their_own_seat()
    {
        var (ana, bob, eve) = (await JoinAsync("ana"), await JoinAsync("bob"), await JoinAsync("eve"));
        var direct = (await OpenAsync(ana, bob)).Chat.Row;
        var views = (await Views.ViewsAsync(direct.No, [ana.Id, bob.Id, eve.Id], Cancellation)).ToDictionary(pair => pair.User, pair => pair.View);
        Assert.Equal(new HashSet<UserId> { ana.Id, bob.Id }, views.Keys.ToHashSet());
        Assert.Equal(("bob", bob.Id), (views[ana.Id].Name, views[ana.Id].Peer!.Id));
        Assert.Equal(("ana", ana.Id), (views[bob.Id].Name, views[bob.Id].Peer!.Id));
        Assert.All(views.Values, view => Assert.Equal((ChatRoles.Member, direct.Rev), (view.MyRole, view.Rev)));
    }

    private async Task<(long Seq, long Rev, int Members)> HeadAsync(Person viewer, ChatId id)
    {
        var row = (await FindAsync(viewer, id))!;
        return (row.Seq, row.Rev, row.MemberCount);
    }

    private Task<IReadOnlyList<long>> MemberRevsAsync(ChatId id) => Database.ReadAsync(
        sql => sql.ListAsync<long>("SELECT m.rev FROM chat_members m JOIN chats c ON c.no = m.chat_no WHERE c.id = @id", new { id }), Cancellation);

    private Task<long> VisibleFromAsync(ChatId id, Person person) => Database.ReadAsync(
        sql => sql.ScalarAsync<long>(
            "SELECT m.visible_from FROM chat_members m JOIN chats c ON c.no = m.chat_no WHERE c.id = @id AND m.user_id = @user", new { id, user = person.Id }),
        Cancellation);
}

public sealed class MemberStoreOnSqlite(SqliteEngine engine) : MemberStoreSpec(engine), IClassFixture<SqliteEngine>;

public sealed class MemberStoreOnPostgres(PostgresEngine engine) : MemberStoreSpec(engine), IClassFixture<PostgresEngine>;
