using Hypersend.Contracts.Errors;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Platform.Turns;

namespace Hypersend.EngineSpecs.Files;

/// <summary>Of several servers one writes a chunk, and one at a time does what need not be done by all; who died with it is followed by another.</summary>
public abstract class ChunkLeaseSpec(Engine engine) : FileSpec(engine)
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly ThisNode _one = new(NewId(), NewId());
    private readonly ThisNode _other = new(NewId(), NewId());

    [Fact]
    public async Task A_chunk_is_written_by_who_has_its_lease_and_by_nobody_else()
    {
        var file = NewFileOf(await JoinAsync("ana"), ChunkSize);
        await BeginAsync(file);
        var (here, there) = (new SqlChunkLeases(Database, _one), new SqlChunkLeases(Database, _other));
        var (mine, theirs) = (NewId(), NewId());
        Assert.Equal(LeaseAnswer.Taken, await here.TakeAsync(file.Id, 0, mine, Long, Cancellation));
        Assert.True(await here.RenewAsync(file.Id, 0, mine, Long, Cancellation));
        Assert.Equal(LeaseAnswer.Taken, await there.TakeAsync(file.Id, 1, theirs, Long, Cancellation));
        Assert.Equal(LeaseAnswer.HeldByAnother, await there.TakeAsync(file.Id, 0, theirs, Long, Cancellation));
        Assert.False(await here.RenewAsync(file.Id, 0, mine, Long, Cancellation));
        await there.EndAsync(file.Id, 0, theirs, Cancellation);
        Assert.Equal(LeaseAnswer.HeldByAnother, await there.TakeAsync(file.Id, 0, theirs, Long, Cancellation));
        Assert.True(await here.KeepAsync(file.Id, 0, mine, Long, Cancellation));
        Assert.False(await there.KeepAsync(file.Id, 0, theirs, Long, Cancellation));
        await here.EndAsync(file.Id, 0, mine, Cancellation);
        Assert.False(await here.KeepAsync(file.Id, 0, mine, Long, Cancellation));
        Assert.Equal(LeaseAnswer.Taken, await there.TakeAsync(file.Id, 0, theirs, Long, Cancellation));

        var late = await Uploads.AddChunkAsync(file.Id, ChunkOf(0, ChunkSize) with { Lease = mine }, null, Limits, Now, Cancellation);
        Assert.Equal(ErrorCodes.ChunkSuperseded, late.Failure?.Code);
        Answer(await Uploads.AddChunkAsync(file.Id, ChunkOf(0, ChunkSize) with { Lease = theirs }, null, Limits, Now, Cancellation));
        Assert.Equal(LeaseAnswer.Written, await here.TakeAsync(file.Id, 0, mine, Long, Cancellation));
    }

    [Fact]
    public async Task What_an_earlier_life_of_a_server_held_is_its_own_at_once_and_anybodys_when_it_has_run_out()
    {
        var file = NewFileOf(await JoinAsync("ana"), 3 * ChunkSize);
        await BeginAsync(file);
        var (dead, reborn, other) = (new SqlChunkLeases(Database, _one), new SqlChunkLeases(Database, _one with { Life = NewId() }), new SqlChunkLeases(Database, _other));
        await dead.TakeAsync(file.Id, 0, NewId(), Long, Cancellation);
        Assert.Equal(LeaseAnswer.HeldByAnother, await other.TakeAsync(file.Id, 0, NewId(), Long, Cancellation));
        Assert.Equal(LeaseAnswer.Taken, await reborn.TakeAsync(file.Id, 0, NewId(), Long, Cancellation));
        await dead.TakeAsync(file.Id, 1, NewId(), TimeSpan.Zero, Cancellation);
        Assert.Equal(LeaseAnswer.Taken, await other.TakeAsync(file.Id, 1, NewId(), Long, Cancellation));
    }

    [Fact]
    public async Task A_turn_is_one_servers_until_it_gives_it_back_or_it_has_run_out()
    {
        var name = NewId().ToString("N");
        var (one, again, other) = (new SqlTurnLedger(Database, _one), new SqlTurnLedger(Database, _one with { Life = NewId() }), new SqlTurnLedger(Database, _other));
        var (first, second) = (NewId(), NewId());
        Assert.True(await one.TakeAsync(name, first, Long, Cancellation));
        Assert.True(await one.TakeAsync(name, first, Long, Cancellation));
        Assert.False(await one.TakeAsync(name, second, Long, Cancellation));
        Assert.False(await other.TakeAsync(name, second, Long, Cancellation));
        await other.EndAsync(name, second, Cancellation);
        Assert.False(await other.TakeAsync(name, second, Long, Cancellation));
        await one.EndAsync(name, first, Cancellation);
        Assert.True(await other.TakeAsync(name, second, TimeSpan.Zero, Cancellation));
        Assert.True(await one.TakeAsync(name, first, Long, Cancellation));
        Assert.True(await again.TakeAsync(name, second, Long, Cancellation));
    }

    [Fact]
    public async Task Of_many_who_ask_at_once_one_gets_the_turn()
    {
        var name = NewId().ToString("N");
        var taken = await Race.RunAsync(8, _ => new SqlTurnLedger(Database, new ThisNode(NewId(), NewId())).TakeAsync(name, NewId(), Long, Cancellation));
        Assert.Single(taken, got => got);
    }

    private static Guid NewId() => Guid.CreateVersion7(Now);
}

public sealed class ChunkLeaseOnSqlite(SqliteEngine engine) : ChunkLeaseSpec(engine), IClassFixture<SqliteEngine>;

public sealed class ChunkLeaseOnPostgres(PostgresEngine engine) : ChunkLeaseSpec(engine), IClassFixture<PostgresEngine>;
