using System.Security.Cryptography;
using Hypersend.Contracts.Ids;
using Hypersend.EngineSpecs.Engines;
using Hypersend.EngineSpecs.Messages;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Features.Push;

namespace Hypersend.EngineSpecs.Push;

/// <summary>IPushStore: whose device is whose, whom something concerns, and what is over.</summary>
public abstract partial class PushStoreSpec(Engine engine) : ConversationSpec(engine)
{
    private const int Most = 20;

    private protected IPushStore Store => new SqlPushStore(Database);

    [Fact]
    public async Task A_device_is_kept_as_it_was_given_and_belongs_to_its_person()
    {
        var (ana, bob) = (await JoinAsync("ana"), await JoinAsync("bob"));
        var wanted = DeviceOf(ana, ana.Session);

        var added = await Store.AddAsync(wanted, Most, Now, Cancellation);

        var row = Assert.Single(await Store.ListAsync(ana.Id, Now, Cancellation));
        Assert.Equal((wanted.Id, ana.Id, ana.Session, wanted.Endpoint, Now), (row.Id, row.UserId, row.SessionId, row.Endpoint, row.CreatedAt));
        Assert.Equal(wanted.Keys.P256dh, row.P256dh);
        Assert.Equal(wanted.Keys.Auth, row.Auth);
        Assert.Equal(added.Id, row.Id);
        Assert.True(await Store.AnyAsync(Cancellation));
        Assert.Empty(await Store.ListAsync(bob.Id, Now, Cancellation));
        Assert.False(await Store.DeleteAsync(bob.Id, row.Id, Cancellation));
        Assert.True(await Store.DeleteAsync(ana.Id, row.Id, Cancellation));
        Assert.False(await Store.DeleteAsync(ana.Id, row.Id, Cancellation));
        Assert.Empty(await Store.ListAsync(ana.Id, Now, Cancellation));
    }

    [Fact]
    public async Task One_session_and_one_endpoint_are_one_device_also_of_somebody_else()
    {
        var (ana, bob) = (await JoinAsync("ana"), await JoinAsync("bob"));
        await Store.AddAsync(DeviceOf(ana, ana.Session), Most, Now, Cancellation);
        var second = DeviceOf(ana, ana.Session);
        await Store.AddAsync(second, Most, Now, Cancellation);
        Assert.Equal(second.Id, Assert.Single(await Store.ListAsync(ana.Id, Now, Cancellation)).Id);

        await Store.AddAsync(DeviceOf(bob, bob.Session) with { Endpoint = second.Endpoint }, Most, Now, Cancellation);
        Assert.Empty(await Store.ListAsync(ana.Id, Now, Cancellation));
        Assert.Single(await Store.ListAsync(bob.Id, Now, Cancellation));
    }

    [Fact]
    public async Task Of_too_many_the_one_that_was_reached_longest_ago_goes()
    {
        var ana = await JoinAsync("ana");
        var first = await AddAsync(ana, ana.Session);
        var second = await AddAsync(ana, await SignInAsync(ana));
        await Store.ReachedAsync(first, null, 0, Now.AddMinutes(1), Cancellation);

        var third = DeviceOf(ana, await SignInAsync(ana));
        await Store.AddAsync(third, 2, Now.AddMinutes(2), Cancellation);

        var kept = (await Store.ListAsync(ana.Id, Now, Cancellation)).Select(row => row.Id).ToHashSet();
        Assert.Equal(new[] { first, third.Id }.ToHashSet(), kept);
        Assert.DoesNotContain(second, kept);
    }

    [Fact]
    public async Task Devices_added_at_once_are_never_more_than_the_most()
    {
        var ana = await JoinAsync("ana");
        var sessions = new List<SessionId>();
        for (var i = 0; i < 8; i++)
            sessions.Add(await SignInAsync(ana));

        await Race.RunAsync(8, i => Store.AddAsync(DeviceOf(ana, sessions[i]), 3, Now, Cancellation));

        Assert.Equal(3, (await Store.ListAsync(ana.Id, Now, Cancellation)).Count);
    }

    [Fact]
    public async Task A_device_counts_while_its_session_lives_and_is_swept_after_it()
    {
        var ana = await JoinAsync("ana");
        var session = await SignInAsync(ana, lifetime: TimeSpan.FromHours(1));
        var device = await AddAsync(ana, session);
        Assert.True(await Store.IsThereAsync(device, Now, Cancellation));
        Assert.False(await Store.IsThereAsync(device, Now.AddHours(1), Cancellation));
        Assert.Empty(await Store.ListAsync(ana.Id, Now.AddHours(1), Cancellation));

        await Store.SweepAsync(Now.AddHours(1), Cancellation);
        Assert.Empty(await Store.ListAsync(ana.Id, Now, Cancellation));
    }

    [Fact]
    public async Task A_failure_is_told_until_it_is_reached_and_refusals_in_a_row_end_it()
    {
        var ana = await JoinAsync("ana");
        var device = await AddAsync(ana, ana.Session);

        await Store.FailedAsync(device, "503", isRefusal: false, 2, Now, Cancellation);
        await Store.FailedAsync(device, "403", isRefusal: true, 2, Now, Cancellation);
        Assert.Equal(("403", Now), (await OneAsync(ana) is { } failed ? (failed.Failure, failed.FailedAt!.Value) : default));
        await Store.ReachedAsync(device, null, 0, Now.AddSeconds(1), Cancellation);
        Assert.Equal((null, null, Now.AddSeconds(1)), (await OneAsync(ana) is { } reached ? (reached.Failure, reached.FailedAt, reached.ReachedAt!.Value) : default));

        await Store.FailedAsync(device, "403", isRefusal: true, 2, Now, Cancellation);
        await Store.FailedAsync(device, "timeout", isRefusal: false, 2, Now, Cancellation);
        Assert.NotNull(await OneAsync(ana));
        await Store.FailedAsync(device, "403", isRefusal: true, 2, Now, Cancellation);
        Assert.Null(await OneAsync(ana));
        await Store.EndAsync(device, Cancellation);
    }

    private protected async Task<SubscriptionId> AddAsync(Person person, SessionId session) =>
        (await Store.AddAsync(DeviceOf(person, session), Most, Now, Cancellation)).Id;

    private protected Task<long> NumberOfAsync(ChatId chat) =>
        Database.ReadAsync(sql => sql.ScalarAsync<long>("SELECT no FROM chats WHERE id = @chat", new { chat }), Cancellation);

    private static NewSubscription DeviceOf(Person person, SessionId session)
    {
        var id = new SubscriptionId(Guid.CreateVersion7(Now));
        return new NewSubscription(
            id, person.Id, session, $"https://push.example.org/{id.Value:N}", new SubscriptionKeys(RandomNumberGenerator.GetBytes(65), RandomNumberGenerator.GetBytes(16)));
    }

    private async Task<SubscriptionRow?> OneAsync(Person person) => (await Store.ListAsync(person.Id, Now, Cancellation)).SingleOrDefault();
}

public sealed class PushStoreOnSqlite(SqliteEngine engine) : PushStoreSpec(engine), IClassFixture<SqliteEngine>;

public sealed class PushStoreOnPostgres(PostgresEngine engine) : PushStoreSpec(engine), IClassFixture<PostgresEngine>;
