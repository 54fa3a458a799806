using Hypersend.Contracts.Files;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Features.Files;

namespace Hypersend.EngineSpecs.Files;

/// <summary>What somebody has here already is not sent twice; what another has is nobody's business.</summary>
public abstract class SameBytesSpec(Engine engine) : FileSpec(engine)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whichever_of_two_goes_first_the_other_keeps_its_bytes(bool firstGoesFirst)
    {
        var ana = await JoinAsync("ana");
        var first = await ReadyAsync(NewFileOf(ana, 2 * ChunkSize), fill: 3);
        var again = NewFileOf(ana, first.Size) with { KnownRoot = first.Sha256Root };
        await BeginAsync(again);
        var begun = (await Uploads.FindAsync(again.Id, Cancellation))!;
        Assert.Equal([0, 1], begun.Chunks);
        Assert.Equal(first.Id, begun.File.BytesId);
        var second = Answer(await Uploads.CompleteAsync(again.Id, first.Sha256Root, Now, Cancellation)).File;
        Assert.Equal(first.Sha256Root, second.Sha256Root);

        // Each counts in full: the books know nothing of whose bytes lie where.
        Assert.Equal((4L * ChunkSize, 2), ((await Files.UsageAsync(ana.Id, Cancellation)).Bytes, (await Files.UsageAsync(ana.Id, Cancellation)).Files));
        var (gone, kept) = firstGoesFirst ? (first, second) : (second, first);
        Assert.NotNull(await Uploads.EndAsync(gone.Id, FileStates.Removed, Now, Cancellation));
        Assert.False(await Uploads.MayDropBytesAsync(first.Id, Cancellation));
        Assert.Equal(2, (await Files.ChunksAsync(kept, 0, 10, Cancellation)).Count);
        if (firstGoesFirst)
            Assert.Null(await Sweeps.FindToDropAsync(first.Id, At(Life), Cancellation));
        Assert.NotNull(await Uploads.EndAsync(kept.Id, FileStates.Removed, Now, Cancellation));
        Assert.True(await Uploads.MayDropBytesAsync(first.Id, Cancellation));
        Assert.NotNull(await Sweeps.FindToDropAsync(first.Id, At(Life), Cancellation));
    }

    [Fact]
    public async Task The_root_of_another_account_another_grid_or_a_file_that_has_gone_brings_nothing()
    {
        var (ana, eve) = (await JoinAsync("ana"), await JoinAsync("eve"));
        var file = await ReadyAsync(NewFileOf(ana, 2 * ChunkSize), fill: 4);
        await AssertUnknownAsync(NewFileOf(eve, file.Size) with { KnownRoot = file.Sha256Root });
        await AssertUnknownAsync(NewFileOf(ana, file.Size) with { KnownRoot = file.Sha256Root, ChunkSize = 2 * ChunkSize });
        await AssertUnknownAsync(NewFileOf(ana, file.Size - 1) with { KnownRoot = file.Sha256Root });
        Assert.NotNull(await Uploads.EndAsync(file.Id, FileStates.Removed, Now, Cancellation));
        await AssertUnknownAsync(NewFileOf(ana, file.Size) with { KnownRoot = file.Sha256Root });
    }

    [Fact]
    public async Task A_file_that_is_being_deleted_is_either_used_again_or_gone_and_never_half()
    {
        var ana = await JoinAsync("ana");
        for (byte round = 10; round < 30; round++)
        {
            var file = await ReadyAsync(NewFileOf(ana, ChunkSize), fill: round);
            var again = NewFileOf(ana, file.Size) with { KnownRoot = file.Sha256Root };
            var dropped = false;
            await Race.RunAsync(2, async runner =>
            {
                if (runner == 0)
                    await BeginAsync(again);
                else if (await Uploads.EndAsync(file.Id, FileStates.Removed, Now, Cancellation) is not null)
                    dropped = await Uploads.MayDropBytesAsync(file.Id, Cancellation);
            });
            var begun = (await Uploads.FindAsync(again.Id, Cancellation))!.File;
            Assert.False(dropped && begun.BytesId == file.Id, $"round {round}: the bytes went although they are used");
            Assert.NotNull(await Uploads.EndAsync(again.Id, FileStates.Failed, Now, Cancellation));
        }
    }

    private async Task AssertUnknownAsync(NewFile file)
    {
        await BeginAsync(file);
        var begun = (await Uploads.FindAsync(file.Id, Cancellation))!;
        Assert.Empty(begun.Chunks);
        Assert.Equal((0, file.Id), (begun.File.ReceivedBytes, begun.File.BytesId));
    }
}

public sealed class SameBytesOnSqlite(SqliteEngine engine) : SameBytesSpec(engine), IClassFixture<SqliteEngine>;

public sealed class SameBytesOnPostgres(PostgresEngine engine) : SameBytesSpec(engine), IClassFixture<PostgresEngine>;
