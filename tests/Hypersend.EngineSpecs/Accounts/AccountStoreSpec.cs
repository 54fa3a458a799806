using Hypersend.EngineSpecs.Engines;

namespace Hypersend.EngineSpecs.Accounts;

/// <summary>IAccountStore after the door: passwords, resets, two-step verification, sweeping.</summary>
public abstract partial class AccountStoreSpec(Engine engine) : PeopleSpec(engine)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_rehash_counts_only_when_the_password_is_still_the_same()
    {
        var ana = await JoinAsync("ana");
        await Accounts.RehashAsync(ana.Id, "hash of something else", "stale", Cancellation);
        Assert.Equal("hash of " + ana.Username, (await CredentialsAsync(ana)).PasswordHash);
        await Accounts.RehashAsync(ana.Id, "hash of " + ana.Username, "newer scheme", Cancellation);
        Assert.Equal("newer scheme", (await CredentialsAsync(ana)).PasswordHash);
    }

    [Fact]
    public async Task A_new_password_ends_all_sessions_but_one_and_every_reset()
    {
        var ana = await JoinAsync("ana");
        var bob = await JoinAsync("bob");
        var other = await SignInAsync(ana);
        var token = Secret();
        Assert.True(await Accounts.AddResetAsync(ana.Id, token, Now + Hour, Now, Cancellation));

        await Accounts.ChangePasswordAsync(ana.Id, "new", keep: ana.Session, Now.AddSeconds(1), Cancellation);
        Assert.Equal("new", (await CredentialsAsync(ana)).PasswordHash);
        Assert.NotNull(await Sessions.FindAsync(ana.Session, Cancellation));
        Assert.Null(await Sessions.FindAsync(other, Cancellation));
        Assert.NotNull(await Sessions.FindAsync(bob.Session, Cancellation));
        Assert.Null(await Accounts.FindByResetAsync(token, Now, Cancellation));
        Assert.Contains(await Sessions.RevokedSinceAsync(Now, Cancellation), one => one.UserId == ana.Id && one.SessionId is null);
    }

    [Fact]
    public async Task A_second_reset_within_a_minute_is_refused()
    {
        var ana = await JoinAsync("ana");
        Assert.True(await AskForResetAsync(ana, Now));
        Assert.False(await AskForResetAsync(ana, Now.AddSeconds(59)));
        Assert.True(await AskForResetAsync(ana, Now.AddSeconds(61)));
    }

    [Fact]
    public async Task Of_twenty_resets_asked_for_at_once_one_is_made()
    {
        var ana = await JoinAsync("ana");
        Assert.Single(await Race.RunAsync(20, _ => AskForResetAsync(ana, Now)), made => made);
    }

    [Fact]
    public async Task Nobody_gets_a_reset_for_an_account_that_is_gone()
    {
        var ana = await JoinAsync("ana");
        Assert.Null(await Users.DeleteAsync(ana.Id, Now, Cancellation));
        Assert.False(await AskForResetAsync(ana, Now));
    }

    [Fact]
    public async Task A_reset_token_opens_its_account_until_it_runs_out()
    {
        var ana = await JoinAsync("ana");
        var token = Secret();
        await Accounts.AddResetAsync(ana.Id, token, Now + Hour, Now, Cancellation);
        Assert.Equal(ana.Id, (await Accounts.FindByResetAsync(token, Now + Hour - TimeSpan.FromMilliseconds(1), Cancellation))!.Id);
        Assert.Null(await Accounts.FindByResetAsync(token, Now + Hour, Cancellation));
        Assert.Null(await Accounts.RedeemResetAsync(token, "late", Now + Hour, Cancellation));
        Assert.Null(await Accounts.FindByResetAsync(Secret(), Now, Cancellation));
        Assert.Equal("hash of " + ana.Username, (await CredentialsAsync(ana)).PasswordHash);
    }

    [Fact]
    public async Task Of_ten_that_redeem_one_token_at_once_one_sets_the_password()
    {
        var ana = await JoinAsync("ana");
        var token = Secret();
        var older = Secret();
        await Accounts.AddResetAsync(ana.Id, older, Now + Hour, Now, Cancellation);
        await Accounts.AddResetAsync(ana.Id, token, Now + Hour + Hour, Now + Hour, Cancellation);

        var redeemed = await Race.RunAsync(10, i => Accounts.RedeemResetAsync(token, $"password {i}", Now, Cancellation));
        var winner = Assert.Single(Enumerable.Range(0, 10), i => redeemed[i] is not null);
        Assert.Equal(ana.Id, redeemed[winner]);
        Assert.Equal($"password {winner}", (await CredentialsAsync(ana)).PasswordHash);
        Assert.Null(await Sessions.FindAsync(ana.Session, Cancellation));
        Assert.Null(await Accounts.RedeemResetAsync(older, "again", Now, Cancellation));
    }

    [Fact]
    public async Task An_account_that_is_gone_is_found_by_nothing()
    {
        var ana = await JoinAsync("ana");
        Assert.Null(await Users.DeleteAsync(ana.Id, Now, Cancellation));
        Assert.Null(await Accounts.FindAsync(ana.Id, Cancellation));
        Assert.Null(await Accounts.FindByLoginAsync(ana.Username, Cancellation));
        Assert.Null(await Accounts.FindByLoginAsync(ana.Email, Cancellation));
    }

    private Task<bool> AskForResetAsync(Person person, DateTimeOffset now) =>
        Accounts.AddResetAsync(person.Id, Secret(), now + Hour, now, Cancellation);
}

public sealed class AccountStoreOnSqlite(SqliteEngine engine) : AccountStoreSpec(engine), IClassFixture<SqliteEngine>;

public sealed class AccountStoreOnPostgres(PostgresEngine engine) : AccountStoreSpec(engine), IClassFixture<PostgresEngine>;
