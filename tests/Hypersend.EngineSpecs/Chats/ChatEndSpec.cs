using System.Threading.Channels;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Realtime;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Realtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hypersend.EngineSpecs.Chats;

/// <summary>The end of chats and of those who were in them, in a database of its own: the sweep takes whatever it finds.</summary>
public abstract class ChatEndSpec(Engine engine) : ChatSpec(engine)
{
    private protected override async Task PrepareAsync() => Database = await Engine.OpenAsync();

    [Fact]
    public async Task A_deleted_chat_is_gone_at_once_and_swept_in_small_steps()
    {
        var ana = await JoinAsync("ana");
        var bob = await JoinAsync("bob");
        var kept = await CreateAsync(ana, members: bob);
        await SendAsync(bob, kept, "stays");
        var id = await CreateAsync(ana, ChatTypes.Room, "Room for many");
        var crowd = await FillAsync(id, 1200);
        var no = (await FindAsync(ana, id))!.No;
        await SendAsync(ana, id, "@all goes");
        Assert.Equal(ErrorCodes.Forbidden, (await Chats.DeleteAsync(crowd[0], id, Now, Cancellation)).Failure!.Code);

        var told = Value(await Chats.DeleteAsync(ana.Id, id, Now, Cancellation)).Change!.Left.ToList();
        Assert.Equal(ChatLimits.RowsInOneStep, told.Count);
        Assert.Null(await FindAsync(ana, id));
        Assert.Equal(ErrorCodes.NotFound, (await Chats.DeleteAsync(ana.Id, id, Now, Cancellation)).Failure!.Code);
        Assert.Equal(ErrorCodes.NotFound, (await Members.JoinAsync(bob.Id, id, Now, Cancellation)).Failure!.Code);

        while (await Chats.SweepAsync(Now, Cancellation) is { } swept)
        {
            Assert.True(swept.Change is null || swept.Change.Left.Count <= ChatLimits.RowsInOneStep);
            told.AddRange(swept.Change?.Left ?? []);
        }

        Assert.Equal(crowd.Append(ana.Id).OrderBy(user => user.Value), told.OrderBy(user => user.Value));
        foreach (var table in new[] { "chat_members", "chat_words", "chat_invites", "chat_bans" })
            Assert.Equal(0, await CountInAsync(table, "chat_no = @no", no));
        Assert.Equal(0, await CountInAsync("messages", "(key >> 32) = @no", no));
        Assert.Equal(0, await CountInAsync("mentions", "(message_key >> 32) = @no", no));
        Assert.Equal("stays", (await SummaryAsync(ana, kept)).Last!.Content);

        // The number is taken for good: new messages must not meet old bookmarks or cursors.
        Assert.True((await FindAsync(ana, await CreateAsync(ana)))!.No > no);
    }

    [Fact]
    public async Task Only_an_owner_ends_a_chat_and_nobody_a_saved_one()
    {
        var (ana, bob, eve) = (await JoinAsync("ana"), await JoinAsync("bob"), await JoinAsync("eve"));
        var id = await CreateAsync(ana, members: bob);
        await Members.ChangeRoleAsync(ana.Id, id, bob.Id, ChatRoles.Admin, Now, Cancellation);
        Assert.Equal(ErrorCodes.Forbidden, (await Chats.DeleteAsync(bob.Id, id, Now, Cancellation)).Failure!.Code);
        Assert.Equal(ErrorCodes.NotFound, (await Chats.DeleteAsync(eve.Id, id, Now, Cancellation)).Failure!.Code);
        Assert.Equal(ErrorCodes.FixedMembers, (await Chats.DeleteAsync(ana.Id, new ChatId(ana.Id.Value), Now, Cancellation)).Failure!.Code);
    }

    [Fact]
    public async Task A_deleted_account_leaves_its_chats_and_each_an_owner()
    {
        var (ana, bob, eve) = (await JoinAsync("ana"), await JoinAsync("bob"), await JoinAsync("eve"));
        var withAdmin = await CreateAsync(ana, ChatTypes.Group, null, bob, eve);
        await Members.ChangeRoleAsync(ana.Id, withAdmin, eve.Id, ChatRoles.Admin, Now, Cancellation);
        var without = await CreateAsync(ana);
        await Members.AddAsync(ana.Id, without, [eve.Id], Now.AddHours(1), Cancellation);
        await Members.AddAsync(ana.Id, without, [bob.Id], Now.AddHours(2), Cancellation);
        var alone = await CreateAsync(ana);
        var theirs = await CreateAsync(bob, members: ana);
        var direct = (await OpenAsync(ana, bob)).Chat.Row.Id;
        Assert.Null(await Users.DeleteAsync(ana.Id, Now, Cancellation));
        Assert.Equal([ana.Id], await Members.GhostsAsync(Cancellation));

        var changes = new List<ChatChange>();
        while (await Members.LeaveNextAsync(ana.Id, Now, Cancellation) is { } change)
            changes.Add(change);
        Assert.Equal(5, changes.Count);
        Assert.All(changes, change => Assert.Contains(ana.Id, change.Left));
        Assert.All(changes, change => Assert.Equal(Enumerable.Range(0, change.Steps.Count).Select(i => change.Rev - change.Steps.Count + 1 + i), change.Steps.Select(step => step.Rev)));
        Assert.Empty(await Members.GhostsAsync(Cancellation));

        Assert.Equal(ChatRoles.Owner, (await RolesAsync(bob, withAdmin))[eve.Id]);
        Assert.Equal(ChatRoles.Member, (await RolesAsync(bob, withAdmin))[bob.Id]);
        Assert.Equal(ChatRoles.Owner, (await RolesAsync(bob, without))[eve.Id]);
        Assert.Equal([bob.Id], (await RolesAsync(bob, theirs)).Keys);
        Assert.Null(await Chats.FindTypeAsync(alone, Cancellation));
        Assert.Null(await Chats.FindTypeAsync(new ChatId(ana.Id.Value), Cancellation));
        var ghost = (await Chats.FindAsync(direct, bob.Id, Cancellation))!;
        Assert.Equal((ana.Id, "ana", true), (ghost.Peer!.Id, ghost.Peer.Name, ghost.Peer.DeletedAt is not null));
        Assert.Contains(changes.SelectMany(change => change.Steps).OfType<MemberStep>(), step => step.Type == EventTypes.MemberUpdated && step.User.Id == eve.Id);
    }

    [Fact]
    public async Task Whom_I_have_a_direct_chat_with_is_my_contact_unless_I_block_them()
    {
        var (ana, bob, eve, zoe) = (await JoinAsync("ana"), await JoinAsync("bob"), await JoinAsync("eve"), await JoinAsync("zoe"));
        await OpenAsync(ana, bob);
        await OpenAsync(eve, ana);
        await CreateAsync(ana, members: zoe);
        await Users.FollowAsync(ana.Id, bob.Id, Now, Cancellation);
        Assert.Equal([bob.Username, eve.Username], await ContactsAsync(ana));
        Assert.Equal([ana.Username], await ContactsAsync(eve));
        await Users.BlockAsync(ana.Id, eve.Id, Now, Cancellation);
        Assert.Equal([bob.Username], await ContactsAsync(ana));
        Assert.Empty(await ContactsAsync(zoe));
    }

    [Fact]
    public async Task What_a_server_that_died_had_left_undone_is_done_at_the_start()
    {
        var (ana, bob) = (await JoinAsync("ana"), await JoinAsync("bob"));
        var left = await CreateAsync(ana, members: bob);
        var ended = await CreateAsync(bob, ChatTypes.Room, "Room for many");
        await FillAsync(ended, ChatLimits.RowsInOneStep);
        Assert.Null(await Users.DeleteAsync(ana.Id, Now, Cancellation));
        Value(await Chats.DeleteAsync(bob.Id, ended, Now, Cancellation));

        var bus = new HeardBus();
        var publisher = new ChangePublisher(bus, Views, TimeProvider.System, NullLogger<ChangePublisher>.Instance);
        using var sweep = new ChatSweep(Chats, Members, publisher, TimeProvider.System, NullLogger<ChatSweep>.Instance);
        await sweep.StartAsync(Cancellation);
        Assert.Equal(ana.Id, (await bus.HearAsync(left, Cancellation)).Moves.Single().User);
        Assert.NotEmpty((await bus.HearAsync(ended, Cancellation)).Moves);
        Assert.Equal(ChatRoles.Owner, (await RolesAsync(bob, left))[bob.Id]);

        // Woken, it looks again.
        Value(await Chats.DeleteAsync(bob.Id, left, Now, Cancellation));
        var last = await CreateAsync(bob, ChatTypes.Room);
        await FillAsync(last, ChatLimits.RowsInOneStep);
        Value(await Chats.DeleteAsync(bob.Id, last, Now, Cancellation));
        sweep.Wake();
        sweep.Wake();
        Assert.NotEmpty((await bus.HearAsync(last, Cancellation)).Moves);
        await sweep.StopAsync(Cancellation);
    }

    private async Task<IReadOnlyList<string>> ContactsAsync(Person person) =>
        [.. (await Users.ListAsync(Circle.Contacts, person.Id, "", 10, Cancellation)).Select(profile => profile.Username)];

    private Task<long> CountInAsync(string table, string condition, long no) =>
        Database.ReadAsync(sql => sql.ScalarAsync<long>($"SELECT COUNT(*) FROM {table} WHERE {condition}", new { no }), Cancellation);

    /// <summary>A crowd that came in by other ways than one by one.</summary>
    private async Task<IReadOnlyList<UserId>> FillAsync(ChatId id, int count)
    {
        var people = Enumerable.Range(0, count).Select(_ => AccountOf(Fresh("crowd"))).ToList();
        await Database.WriteAsync(
            async sql =>
            {
                foreach (var person in people)
                {
                    await sql.ExecuteAsync(
                        """
                        INSERT INTO users (id, username, username_key, name, bio, role, disabled, last_seen_audience, settings, totp_last_step, created_at)
                        VALUES (@Id, @Username, @UsernameKey, @Name, '', 'user', @disabled, 'everyone', '{}', 0, @CreatedAt)
                        """,
                        new { person.Id, person.Username, person.UsernameKey, person.Name, disabled = false, person.CreatedAt });
                }

                var chat = (await LockedChat.TakeAsync(sql, id, default))!;
                foreach (var person in people)
                {
                    await sql.ExecuteAsync(
                        """
                        INSERT INTO chat_members (chat_no, user_id, role, joined_at, rev, visible_from, read_seq, read_counted, own_after, delivered_seq, pinned, archived)
                        VALUES (@No, @Id, 'member', @CreatedAt, 1, 0, 0, 0, 0, 0, @off, @off)
                        """,
                        new { chat.No, person.Id, person.CreatedAt, off = false });
                }

                chat.MemberCount += count;
                await chat.SaveAsync(sql, Now);
            },
            Cancellation);
        return [.. people.Select(person => person.Id)];
    }
}

/// <summary>A bus that lets one wait for what is said of a chat.</summary>
internal sealed class HeardBus : IBus
{
    private readonly Channel<ChatCommit> _heard = Channel.CreateUnbounded<ChatCommit>();

    public void Publish(BusMessage message)
    {
        if (message is ChatCommit commit)
            _heard.Writer.TryWrite(commit);
    }

    public void Subscribe(Action<BusMessage> receive) => throw new NotSupportedException();

    public async Task<ChatCommit> HearAsync(ChatId chat, CancellationToken cancellation)
    {
        while (true)
        {
            if (await _heard.Reader.ReadAsync(cancellation) is var commit && commit.Chat == chat)
                return commit;
        }
    }
}

public sealed class ChatEndOnSqlite(SqliteEngine engine) : ChatEndSpec(engine), IClassFixture<SqliteEngine>;

public sealed class ChatEndOnPostgres(PostgresEngine engine) : ChatEndSpec(engine), IClassFixture<PostgresEngine>;
