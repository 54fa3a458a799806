using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Features.Accounts;

namespace Hypersend.EngineSpecs.Accounts;

/// <summary>ILoginAttempts: guessing slows down for the guesser and for nobody else.</summary>
public abstract class LoginAttemptsSpec(Engine engine) : PeopleSpec(engine)
{
    private const string Here = "192.0.2.0/24";
    private const string Elsewhere = "198.51.100.0/24";

    [Fact]
    public async Task Five_slips_are_free_then_the_wait_doubles()
    {
        var attempt = new LoginAttempt(Secret(), Here);
        for (var i = 0; i < 5; i++)
            Assert.Null(await TakeAsync(attempt, Now));

        var now = Now;
        for (var seconds = 1; seconds <= 512; seconds *= 2)
        {
            Assert.Equal(TimeSpan.FromSeconds(seconds), await TakeAsync(attempt, now));
            Assert.Equal(TimeSpan.FromMilliseconds(1), await TakeAsync(attempt, now.AddSeconds(seconds).AddMilliseconds(-1)));
            now = now.AddSeconds(seconds);
            Assert.Null(await TakeAsync(attempt, now));
        }

        Assert.Equal(TimeSpan.FromMinutes(15), await TakeAsync(attempt, now));
    }

    [Fact]
    public async Task Of_fifty_at_once_five_may_try()
    {
        var attempt = new LoginAttempt(Secret(), Here);
        var waits = await Race.RunAsync(50, _ => TakeAsync(attempt, Now));
        Assert.Equal(5, waits.Count(wait => wait is null));
        Assert.All(waits.Where(wait => wait is not null), wait => Assert.Equal(TimeSpan.FromSeconds(1), wait));
    }

    [Fact]
    public async Task Other_accounts_and_other_networks_do_not_wait()
    {
        var attempt = new LoginAttempt(Secret(), Here);
        for (var i = 0; i < 6; i++)
            await TakeAsync(attempt, Now);
        Assert.NotNull(await TakeAsync(attempt, Now));
        Assert.Null(await TakeAsync(attempt with { Network = Elsewhere }, Now));
        Assert.Null(await TakeAsync(attempt with { AccountHash = Secret() }, Now));
    }

    [Fact]
    public async Task Signing_in_forgets_the_failures_from_that_network_only()
    {
        var ana = await JoinAsync("ana");
        var here = new LoginAttempt(Secret(), Here);
        var elsewhere = here with { Network = Elsewhere };
        for (var i = 0; i < 6; i++)
        {
            await TakeAsync(here, Now);
            await TakeAsync(elsewhere, Now);
        }

        await Sessions.OpenAsync(SessionOf(ana.Id), here, Cancellation);
        Assert.Null(await TakeAsync(here, Now));
        Assert.NotNull(await TakeAsync(elsewhere, Now));
    }

    private Task<TimeSpan?> TakeAsync(LoginAttempt attempt, DateTimeOffset now) => Attempts.TakeAsync(attempt, now, Cancellation);
}

public sealed class LoginAttemptsOnSqlite(SqliteEngine engine) : LoginAttemptsSpec(engine), IClassFixture<SqliteEngine>;

public sealed class LoginAttemptsOnPostgres(PostgresEngine engine) : LoginAttemptsSpec(engine), IClassFixture<PostgresEngine>;
