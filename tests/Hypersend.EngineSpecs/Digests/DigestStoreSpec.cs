using Hypersend.Contracts.Chats;
using Hypersend.EngineSpecs.Engines;
using Hypersend.EngineSpecs.Messages;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Features.Digests;
using Hypersend.Server.Features.Users;

namespace Hypersend.EngineSpecs.Digests;

/// <summary>IDigestStore: whose turn it is, and that it is taken by one.</summary>
public abstract class DigestStoreSpec(Engine engine) : ConversationSpec(engine)
{
    private protected IDigestStore Store => new SqlDigestStore(Database);

    [Fact]
    public async Task It_is_the_turn_of_who_wants_it_was_away_and_was_not_looked_at()
    {
        var (ana, bob, cyd) = (await WhoWantsAsync("ana"), await WhoWantsAsync("bob"), await JoinAsync("cyd"));
        var people = new[] { ana, bob, cyd }.Select(person => person.Id).ToHashSet();

        Assert.DoesNotContain(await Store.DueAsync(TurnAt(Now.AddHours(24)), 1000, Cancellation), people.Contains);
        Assert.Equal(new[] { ana.Id, bob.Id }.ToHashSet(), (await Store.DueAsync(TurnAt(Now.AddHours(25)), 1000, Cancellation)).Where(people.Contains).ToHashSet());
        Assert.NotNull(await Store.TakeAsync(ana.Id, TurnAt(Now.AddHours(25)), Cancellation));
        Assert.Equal([bob.Id], (await Store.DueAsync(TurnAt(Now.AddHours(48)), 1000, Cancellation)).Where(people.Contains));
        Assert.Null(await Store.TakeAsync(ana.Id, TurnAt(Now.AddHours(48)), Cancellation));
        Assert.Null(await Store.TakeAsync(cyd.Id, TurnAt(Now.AddHours(48)), Cancellation));
        await Users.ChangeSettingsAsync(bob.Id, before => new StoredSettings(before), Cancellation);
        Assert.Null(await Store.TakeAsync(bob.Id, TurnAt(Now.AddHours(48)), Cancellation));
    }

    [Fact]
    public async Task Of_many_that_take_one_turn_at_once_one_has_it()
    {
        var ana = await WhoWantsAsync("ana");

        var taken = await Race.RunAsync(8, _ => Store.TakeAsync(ana.Id, TurnAt(Now.AddHours(25)), Cancellation));

        Assert.Single(taken, one => one is not null);
    }

    [Fact]
    public async Task A_turn_that_is_put_off_comes_again_with_all_that_waited_and_after_the_others()
    {
        var (ana, bob) = (await WhoWantsAsync("ana"), await WhoWantsAsync("bob"));
        foreach (var person in new[] { ana, bob })
            await SendAsync(await JoinAsync("cyd"), person);
        var turn = TurnAt(Now.AddHours(25));
        var digest = (await Store.TakeAsync(ana.Id, turn, Cancellation))!;
        Assert.Equal((ana.Username, ana.Email), (digest.Person.Username, digest.Person.Email));

        await Store.PutOffAsync(digest, turn.Now.AddMinutes(15), Cancellation);

        Assert.Null(await Store.TakeAsync(ana.Id, TurnAt(turn.Now.AddMinutes(14)), Cancellation));
        Assert.Equal([bob.Id, ana.Id], (await Store.DueAsync(TurnAt(turn.Now.AddMinutes(15)), 1000, Cancellation)).Where(id => id == ana.Id || id == bob.Id));
        var again = (await Store.TakeAsync(ana.Id, TurnAt(turn.Now.AddMinutes(15)), Cancellation))!;
        Assert.Equal(digest.Chats, again.Chats);

        // Too late: somebody else has looked since.
        await Store.PutOffAsync(digest, turn.Now, Cancellation);
        Assert.Null(await Store.TakeAsync(ana.Id, TurnAt(turn.Now.AddMinutes(20)), Cancellation));
    }

    [Fact]
    public async Task It_counts_by_chat_what_waits_and_leaves_out_what_did_not_move_since()
    {
        var (ana, bob) = (await WhoWantsAsync("ana"), await JoinAsync("bob"));
        var direct = await ChatAsync(ChatTypes.Direct, ana, bob);
        var group = await GroupAsync(bob, ana);
        await SendAsync(bob, direct, "one");
        await SendAsync(bob, direct, "two");
        await SendAsync(bob, group, $"@{ana.Username} three");

        var first = (await Store.TakeAsync(ana.Id, TurnAt(Now.AddHours(25)), Cancellation))!;
        await Messages.AppendAsync([new() { Sender = bob.Id, Chat = direct, Content = "later" }], Now.AddHours(30), Cancellation);
        var second = (await Store.TakeAsync(ana.Id, TurnAt(Now.AddHours(50)), Cancellation))!;

        Assert.Equal([("A chat", 1, 1), ("bob", 2, 0)], first.Chats.Select(chat => (chat.Name, (int)chat.Unread, (int)chat.Mentions)).Order());
        Assert.Equal([("bob", 3)], second.Chats.Select(chat => (chat.Name, (int)chat.Unread)));
    }

    private static DigestTurn TurnAt(DateTimeOffset now) => new(now.AddDays(-1), now.AddDays(-1), now);

    private async Task<Person> WhoWantsAsync(string name)
    {
        var person = await JoinAsync(name);
        await Users.ChangeSettingsAsync(person.Id, before => new StoredSettings(before) { WantsDigest = true }, Cancellation);
        return person;
    }

    private async Task SendAsync(Person from, Person to) => await SendAsync(from, await GroupAsync(from, to), "hello");
}

public sealed class DigestStoreOnSqlite(SqliteEngine engine) : DigestStoreSpec(engine), IClassFixture<SqliteEngine>;

public sealed class DigestStoreOnPostgres(PostgresEngine engine) : DigestStoreSpec(engine), IClassFixture<PostgresEngine>;
