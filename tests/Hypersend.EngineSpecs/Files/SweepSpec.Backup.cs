using Hypersend.Server.Engines.Sql.Shared;

namespace Hypersend.EngineSpecs.Files;

public abstract partial class SweepSpec
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Fact]
    public async Task Nothing_is_swept_while_a_backup_runs()
    {
        var (ana, ghost) = (await JoinAsync("ana"), await JoinAsync("ghost"));
        await FillAsync(ana, ghost);
        var before = await BytesAsync();
        var lease = new SqlBackupLease(Database);
        Assert.True(await lease.TakeAsync("first", Long, Cancellation));
        Assert.True(await lease.TakeAsync("first", Long, Cancellation));
        Assert.False(await lease.TakeAsync("second", Long, Cancellation));
        await lease.EndAsync("second", Cancellation);
        await SweepOnceAsync(MakeSweep());
        _clock.Advance(TimeSpan.FromMinutes(20));
        await SweepOnceAsync(MakeSweep());
        Assert.Equal(before.Order(ById), (await BytesAsync()).Order(ById));

        // The one who made it died; its lease ends by the database's own clock, and then the sweep goes on.
        Assert.True(await lease.IsHeldAsync(Cancellation));
        Assert.True(await lease.TakeAsync("first", -Long, Cancellation));
        Assert.False(await lease.IsHeldAsync(Cancellation));
        await SweepOnceAsync(MakeSweep());
        Assert.True((await BytesAsync()).Count < before.Count);
        Assert.True(await lease.TakeAsync("second", Long, Cancellation));
    }
}
