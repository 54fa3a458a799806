using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Features.Files;

namespace Hypersend.EngineSpecs.Files;

/// <summary>What somebody's files count for is at any moment what a recount of them says.</summary>
public abstract class BooksSpec(Engine engine) : FileSpec(engine)
{
    [Fact]
    public async Task People_who_begin_at_once_never_count_on_the_same_space()
    {
        // A database of its own: what others have open counts too.
        Database = await Engine.OpenAsync();
        var people = new List<Person>();
        for (var number = 0; number < 8; number++)
            people.Add(await JoinAsync("ana"));
        var limits = Limits with { FreeBytes = 250 };
        var begun = await Race.RunAsync(people.Count, runner => Uploads.BeginAsync(NewFileOf(people[runner], 100) with { Id = new FileId(Guid.CreateVersion7(Now)) }, limits, Now, Cancellation));
        Assert.Equal(2, begun.Count(one => one.Succeeded(out _, out _)));
        Assert.All(begun.Where(one => one.Failure is not null), one => Assert.Equal(ErrorCodes.InsufficientStorage, one.Failure!.Code));
    }

    [Fact]
    public async Task A_type_that_is_not_taken_is_refused_also_when_only_the_bytes_say_it()
    {
        var ana = await JoinAsync("ana");
        var file = NewFileOf(ana, 10);
        await BeginAsync(file);
        var limits = Limits with { AllowedTypes = ["text/*"] };
        var refused = await Uploads.AddChunkAsync(file.Id, ChunkOf(0, 10), new SniffedType("application/zip", "document"), limits, Now, Cancellation);
        Assert.Equal(ErrorCodes.MediaTypeRefused, refused.Failure?.Code);
        Assert.Empty((await Uploads.FindAsync(file.Id, Cancellation))!.Chunks);
        Answer(await Uploads.AddChunkAsync(file.Id, ChunkOf(0, 10), new SniffedType("text/csv", "document"), limits, Now, Cancellation));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(null)]
    public async Task A_recount_finds_no_difference_after_anything(int? seed)
    {
        var dice = new Dice(seed);
        var ana = await JoinAsync("ana");
        var open = new List<NewFile>();
        var ready = new List<FileRow>();
        var now = Now;
        for (var step = 0; step < 300; step++)
        {
            now += TimeSpan.FromMinutes(dice.Next(10));
            var pick = open.Count == 0 ? null : open[dice.Next(open.Count)];
            switch (dice.Next(9))
            {
                case 0 or 1:
                    var file = NewFileOf(ana, dice.Next(4) == 0 ? null : dice.Next(3 * ChunkSize)) with { Id = new FileId(Guid.CreateVersion7(now)) };
                    if (ready.Count > 0 && dice.Next(4) == 0)
                        file = file with { Size = ready[^1].Size, KnownRoot = ready[^1].Sha256Root };
                    if ((await Uploads.BeginAsync(file, Limits, now, Cancellation)).Succeeded(out _, out var refusal))
                        open.Add(file);
                    else
                        Assert.Equal(ErrorCodes.TooManyUploads, refusal.Code);
                    if (dice.Next(8) > 0)
                        await Uploads.OpenAsync(file.Id, Cancellation);
                    break;
                case 2 or 3 when pick is not null:
                    var grid = new ChunkGrid(pick.Size, ChunkSize);
                    var index = dice.Next(grid.Total is > 0 and var total ? total : 3);
                    if (grid.Has(index))
                        await Uploads.AddChunkAsync(pick.Id, ChunkOf(index, grid.Size is null ? ChunkSize : grid.LengthOf(index)), null, Limits, now, Cancellation);
                    break;
                case 4 when pick is not null:
                    if (pick.Size is not null && dice.Next(2) == 0)
                        await FillAsync(pick, now);
                    if ((await Uploads.CompleteAsync(pick.Id, null, now, Cancellation)).Succeeded(out var finished, out _))
                    {
                        open.Remove(pick);
                        ready.Add(finished.File);
                    }

                    break;
                case 5 when pick is not null:
                    Assert.NotNull(await Uploads.EndAsync(pick.Id, FileStates.Failed, now, Cancellation));
                    Assert.Null(await Uploads.EndAsync(pick.Id, FileStates.Failed, now, Cancellation));
                    open.Remove(pick);
                    break;
                case 6 when ready.Count > 0:
                    var gone = ready[dice.Next(ready.Count)];
                    Assert.NotNull(await Uploads.EndAsync(gone.Id, FileStates.Removed, now, Cancellation));
                    ready.Remove(gone);
                    break;
                case 7:
                    foreach (var id in await Sweeps.FindAsync(SweepActions.GiveBackSpace, SweepTimes.At(now), 1000, Cancellation))
                        await Sweeps.GiveBackAsync(id, SweepTimes.At(now), Cancellation);
                    break;
                case 8:
                    var action = dice.Next(2) == 0 ? SweepActions.DropHalfMade : SweepActions.ExpireUpload;
                    var times = SweepTimes.At(dice.Next(10) == 0 ? now + Life : now);
                    foreach (var id in await Sweeps.FindAsync(action, times, 1000, Cancellation))
                    {
                        if (await Sweeps.EndAsync(id, action, times, Cancellation) is not null)
                            open.RemoveAll(one => one.Id == id);
                    }

                    break;
            }

            await AssertBooksAsync(ana, $"seed {dice.Seed}, step {step}");
        }

        async Task FillAsync(NewFile file, DateTimeOffset at)
        {
            var grid = new ChunkGrid(file.Size, ChunkSize);
            for (var i = 0; i < grid.Total; i++)
                await Uploads.AddChunkAsync(file.Id, ChunkOf(i, grid.LengthOf(i)), null, Limits, at, Cancellation);
        }
    }

    [Fact]
    public async Task A_quota_says_no_with_figures_and_twenty_open_uploads_are_enough()
    {
        var ana = await JoinAsync("ana");
        var limits = Limits with { DefaultQuota = 100 };
        await BeginAsync(NewFileOf(ana, 60), limits);
        var refusal = (await Uploads.BeginAsync(NewFileOf(ana, 41), limits, Now, Cancellation)).Failure;
        Assert.Equal(ErrorCodes.QuotaExceeded, refusal?.Code);
        Assert.Equal((100, 60), (refusal!.More!["quota_bytes"].GetInt64(), refusal.More["used_bytes"].GetInt64()));
        await ExecuteAsync("UPDATE users SET quota_bytes = 200 WHERE id = @Id", new { ana.Id });
        await BeginAsync(NewFileOf(ana, 41), limits);
        for (var i = 2; i < UploadLimits.MostOpen; i++)
            await BeginAsync(NewFileOf(ana, 0), limits);
        Refused(ErrorCodes.TooManyUploads, await Uploads.BeginAsync(NewFileOf(ana, 0), limits, Now, Cancellation));
    }

    [Fact]
    public async Task Many_at_once_never_take_more_than_the_quota()
    {
        var ana = await JoinAsync("ana");
        var answers = await Race.RunAsync(12, async _ => (await Uploads.BeginAsync(NewFileOf(ana, 30), Limits with { DefaultQuota = 100 }, Now, Cancellation)).Failure is null);
        Assert.Equal(3, answers.Count(begun => begun));
        await AssertBooksAsync(ana, "after the race");
    }

    [Fact]
    public async Task A_quiet_upload_gives_its_space_back_and_asks_for_it_again()
    {
        var (ana, ben) = (await JoinAsync("ana"), await JoinAsync("ben"));
        var file = NewFileOf(ana, 4 * ChunkSize);
        await BeginAsync(file, at: Now);
        Answer(await Uploads.AddChunkAsync(file.Id, ChunkOf(0, ChunkSize), null, Limits, Now, Cancellation));
        await Sweeps.GiveBackAsync(file.Id, At(TimeSpan.FromMinutes(59)), Cancellation);
        Assert.Equal(4 * ChunkSize, (await FileAsync(file.Id)).Reserved);
        await Sweeps.GiveBackAsync(file.Id, At(TimeSpan.FromMinutes(61)), Cancellation);
        Assert.Equal(ChunkSize, (await FileAsync(file.Id)).Reserved);
        await AssertBooksAsync(ana, "given back");

        var later = Now.AddMinutes(62);
        var poor = Limits with { DefaultQuota = (4 * ChunkSize) - 1 };
        Refused(ErrorCodes.QuotaExceeded, await Uploads.AddChunkAsync(file.Id, ChunkOf(1, ChunkSize), null, poor, later, Cancellation));
        var promised = await PromisedAsync();
        var full = Limits with { FreeBytes = promised + (2 * ChunkSize) - 1 };
        Refused(ErrorCodes.InsufficientStorage, await Uploads.AddChunkAsync(file.Id, ChunkOf(1, ChunkSize), null, full, later, Cancellation));
        Assert.Equal(1, (await FileAsync(file.Id)).ReceivedChunks);
        Answer(await Uploads.AddChunkAsync(file.Id, ChunkOf(1, ChunkSize), null, Limits with { FreeBytes = promised + (2 * ChunkSize) }, later, Cancellation));
        Assert.Equal(4 * ChunkSize, (await FileAsync(file.Id)).Reserved);
        await AssertBooksAsync(ana, "taken again");
        Refused(ErrorCodes.InsufficientStorage, await Uploads.BeginAsync(NewFileOf(ben, 10), Limits with { FreeBytes = promised + (2 * ChunkSize) + 9 }, later, Cancellation));
    }

    private Task<long> PromisedAsync() => Database.ReadAsync(
        sql => sql.ScalarAsync<long>(
            "SELECT COALESCE(CAST(SUM(CASE WHEN reserved > received_bytes THEN reserved - received_bytes ELSE 0 END) AS BIGINT), 0) FROM files WHERE state IN ('creating', 'uploading')"),
        Cancellation);

    private async Task AssertBooksAsync(Person person, string when)
    {
        const string Recount =
            """
            SELECT CAST(COALESCE(SUM(CASE WHEN ended_at IS NULL THEN reserved ELSE 0 END), 0) AS BIGINT) AS bytes,
                CAST(COALESCE(SUM(CASE WHEN state = 'ready' THEN 1 ELSE 0 END), 0) AS BIGINT) AS files,
                CAST(COALESCE(SUM(CASE WHEN state IN ('creating', 'uploading') THEN 1 ELSE 0 END), 0) AS BIGINT) AS uploads
            FROM files WHERE owner_id = @Id
            """;
        var (books, counted) = await Database.SnapshotAsync(
            async sql => (
                await sql.FindAsync<Count>("SELECT bytes, files, uploads FROM file_usage WHERE user_id = @Id", new { person.Id }) ?? new Count(),
                (await sql.FindAsync<Count>(Recount, new { person.Id }))!),
            Cancellation);
        Assert.True(books == counted, $"{when}: {books} in the books, {counted} counted");
    }

    private sealed record Count
    {
        public long Bytes { get; init; }

        public long Files { get; init; }

        public long Uploads { get; init; }
    }
}

public sealed class BooksOnSqlite(SqliteEngine engine) : BooksSpec(engine), IClassFixture<SqliteEngine>;

public sealed class BooksOnPostgres(PostgresEngine engine) : BooksSpec(engine), IClassFixture<PostgresEngine>;
