using Hypersend.Contracts.Ids;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Features.Accounts;
using Hypersend.Server.Features.Admin;
using Hypersend.Server.Platform.Auth;

namespace Hypersend.EngineSpecs.Accounts;

/// <summary>ISessionStore and the ledger under it: opened, renewed, listed, touched, ended.</summary>
public abstract class SessionStoreSpec(Engine engine) : PeopleSpec(engine)
{
    [Fact]
    public async Task A_session_says_who_it_is_and_what_they_may()
    {
        var ana = await JoinAsync("ana");
        var session = SessionOf(ana.Id);
        await Sessions.OpenAsync(session, succeeded: null, Cancellation);
        Assert.Equal(
            new SessionState { Id = session.Id, UserId = ana.Id, Role = "user", Disabled = false, ExpiresAt = session.ExpiresAt },
            await Sessions.FindAsync(session.Id, Cancellation));

        var refresh = (await Sessions.FindRefreshAsync(session.Id, Cancellation))!;
        Assert.Equal((ana.Id, "user", false, session.ExpiresAt, 0), (refresh.UserId, refresh.Role, refresh.Disabled, refresh.ExpiresAt, refresh.Generation));
        Assert.Equal(session.RefreshHash, refresh.RefreshHash);
        Assert.Equal(session.NextRefreshHash, refresh.NextRefreshHash);
    }

    [Fact]
    public async Task A_role_and_a_ban_reach_the_sessions_that_are_open()
    {
        var ana = await JoinAsAdminAsync("ana");
        Assert.Equal("admin", (await Sessions.FindAsync(ana.Session, Cancellation))!.Role);
        var bob = await JoinAsync("bob");
        await Admins.UpdateUserAsync(bob.Id, new AccountChange { Disabled = true }, Now, Cancellation);
        Assert.Null(await Sessions.FindAsync(bob.Session, Cancellation));
        Assert.True((await Sessions.FindAsync(await SignInAsync(bob), Cancellation))!.Disabled);
    }

    [Fact]
    public async Task A_session_of_an_account_that_is_gone_is_not_there()
    {
        var ana = await JoinAsync("ana");
        Assert.Null(await Users.DeleteAsync(ana.Id, Now, Cancellation));
        var late = await SignInAsync(ana);
        Assert.Null(await Sessions.FindAsync(late, Cancellation));
        Assert.Null(await Sessions.FindRefreshAsync(late, Cancellation));
        Assert.Null(await Sessions.FindAsync(new SessionId(Guid.CreateVersion7(Now)), Cancellation));
    }

    [Fact]
    public async Task Of_twenty_that_renew_at_once_one_moves_the_family_on()
    {
        var ana = await JoinAsync("ana");
        var hashes = Enumerable.Range(0, 20).Select(_ => Secret()).ToList();
        var next = Enumerable.Range(0, 20).Select(_ => Secret()).ToList();
        var later = Now.AddMinutes(5);
        var moved = await Race.RunAsync(20, i => Sessions.RotateAsync(ana.Session, 0, hashes[i], next[i], later.AddDays(30), later, Cancellation));

        var winner = Assert.Single(Enumerable.Range(0, 20), i => moved[i]);
        var refresh = (await Sessions.FindRefreshAsync(ana.Session, Cancellation))!;
        Assert.Equal((1, later.AddDays(30)), (refresh.Generation, refresh.ExpiresAt));
        Assert.Equal(hashes[winner], refresh.RefreshHash);
        Assert.Equal(next[winner], refresh.NextRefreshHash);
        Assert.Equal(later, Assert.Single(await Sessions.ListAsync(ana.Id, Now, Cancellation)).LastUsedAt);
        Assert.True(await Sessions.RotateAsync(ana.Session, 1, Secret(), Secret(), later, later, Cancellation));
    }

    [Fact]
    public async Task Prolonging_moves_the_end_on_and_never_back()
    {
        var ana = await JoinAsync("ana");
        await Race.RunAsync(10, i => Sessions.ProlongAsync(ana.Session, Now.AddDays(31 + i), Cancellation));
        await Sessions.ProlongAsync(ana.Session, Now.AddDays(35), Cancellation);
        Assert.Equal(Now.AddDays(40), (await Sessions.FindAsync(ana.Session, Cancellation))!.ExpiresAt);
        await Sessions.EndAllAsync(ana.Id, Now, Cancellation);
        await Sessions.ProlongAsync(ana.Session, Now.AddDays(50), Cancellation);
        Assert.Null(await Sessions.FindAsync(ana.Session, Cancellation));
    }

    [Fact]
    public async Task The_list_shows_one_s_own_living_sessions_the_last_used_first()
    {
        var ana = await JoinAsync("ana");
        await JoinAsync("bob");
        await SignInAsync(ana, Now.AddDays(-1), TimeSpan.FromDays(1));
        var newest = await SignInAsync(ana, Now.AddMinutes(2));
        var middle = await SignInAsync(ana, Now.AddMinutes(1));
        var list = await Sessions.ListAsync(ana.Id, Now, Cancellation);
        Assert.Equal([newest, middle, ana.Session], list.Select(row => row.Id));
        Assert.Equal(
            new SessionRow
            {
                Id = ana.Session,
                CreatedAt = Now,
                LastUsedAt = Now,
                ExpiresAt = Now.AddDays(30),
                Address = "192.0.2.7",
                UserAgent = "A browser of my own 漢",
            },
            list[2]);
    }

    [Fact]
    public async Task Only_its_owner_ends_a_session_and_every_node_hears_of_it()
    {
        var ana = await JoinAsync("ana");
        var bob = await JoinAsync("bob");
        Assert.False(await Sessions.EndAsync(bob.Id, ana.Session, Now.AddHours(1), Cancellation));
        Assert.NotNull(await Sessions.FindAsync(ana.Session, Cancellation));
        Assert.Single(await Race.RunAsync(10, _ => Sessions.EndAsync(ana.Id, ana.Session, Now.AddHours(1), Cancellation)), ended => ended);
        Assert.Null(await Sessions.FindAsync(ana.Session, Cancellation));

        var revoked = await Sessions.RevokedSinceAsync(Now.AddHours(1).AddMilliseconds(-1), Cancellation);
        Assert.Equal(ana.Session, Assert.Single(revoked, one => one.UserId == ana.Id).SessionId);
        Assert.DoesNotContain(await Sessions.RevokedSinceAsync(Now.AddHours(1), Cancellation), one => one.UserId == ana.Id);
    }

    [Fact]
    public async Task Ending_all_ends_all_of_one_person()
    {
        var ana = await JoinAsync("ana");
        var bob = await JoinAsync("bob");
        await SignInAsync(ana);
        await Sessions.EndAllAsync(ana.Id, Now.AddHours(2), Cancellation);
        Assert.Empty(await Sessions.ListAsync(ana.Id, Now, Cancellation));
        Assert.NotNull(await Sessions.FindAsync(bob.Session, Cancellation));
        Assert.Null(Assert.Single(await Sessions.RevokedSinceAsync(Now.AddHours(1), Cancellation), one => one.UserId == ana.Id).SessionId);
    }

    [Fact]
    public async Task A_ticket_is_spent_once()
    {
        var nonce = Secret();
        Assert.Single(await Race.RunAsync(20, _ => Sessions.SpendTicketAsync(nonce, Now, Cancellation)), spent => spent);
        Assert.False(await Sessions.SpendTicketAsync(nonce, Now.AddDays(1), Cancellation));
        Assert.True(await Sessions.SpendTicketAsync(Secret(), Now, Cancellation));
    }

    [Fact]
    public async Task Touching_notes_the_newest_time_and_never_moves_it_back()
    {
        var ana = await JoinAsync("ana");
        var second = await SignInAsync(ana);
        await Sessions.TouchAsync([new(ana.Session, ana.Id, Now.AddMinutes(3)), new(second, ana.Id, Now.AddMinutes(5))], Cancellation);
        await Sessions.TouchAsync([new(ana.Session, ana.Id, Now.AddMinutes(4)), new(second, ana.Id, Now.AddMinutes(1))], Cancellation);
        Assert.Equal([Now.AddMinutes(5), Now.AddMinutes(4)], (await Sessions.ListAsync(ana.Id, Now, Cancellation)).Select(row => row.LastUsedAt));
        Assert.Equal(Now.AddMinutes(5), (await Users.FindAsync(ana.Id, ana.Id, Cancellation))!.LastSeen);

        // What somebody does whom nobody is to see moves only what they see themselves.
        await Sessions.TouchAsync([new(second, ana.Id, Now.AddMinutes(9), IsHidden: true)], Cancellation);
        Assert.Equal(Now.AddMinutes(9), (await Sessions.ListAsync(ana.Id, Now, Cancellation))[0].LastUsedAt);
        Assert.Equal(Now.AddMinutes(5), (await Users.FindAsync(ana.Id, ana.Id, Cancellation))!.LastSeen);
    }

    [Fact]
    public async Task Many_touches_at_once_keep_the_newest_time()
    {
        var people = new List<Person>();
        for (var i = 0; i < 10; i++)
            people.Add(await JoinAsync("somebody"));
        await Race.RunAsync(20, i => Sessions.TouchAsync(
            [.. people.Skip(i % 3).Select(one => new SessionUse(one.Session, one.Id, Now.AddSeconds(i)))], Cancellation));
        for (var i = 0; i < people.Count; i++)
            Assert.Equal(Now.AddSeconds(i == 0 ? 18 : 19), (await Users.FindAsync(people[i].Id, people[i].Id, Cancellation))!.LastSeen);
    }

    [Fact]
    public async Task Touching_what_is_gone_brings_nothing_back()
    {
        var ana = await JoinAsync("ana");
        Assert.Null(await Users.DeleteAsync(ana.Id, Now, Cancellation));
        await Sessions.TouchAsync([new(ana.Session, ana.Id, Now.AddMinutes(3))], Cancellation);
        await Sessions.TouchAsync([], Cancellation);
        Assert.Null((await Users.FindAsync(ana.Id, ana.Id, Cancellation))!.LastSeen);
        Assert.Null(await Sessions.FindAsync(ana.Session, Cancellation));
    }
}

public sealed class SessionStoreOnSqlite(SqliteEngine engine) : SessionStoreSpec(engine), IClassFixture<SqliteEngine>;

public sealed class SessionStoreOnPostgres(PostgresEngine engine) : SessionStoreSpec(engine), IClassFixture<PostgresEngine>;
