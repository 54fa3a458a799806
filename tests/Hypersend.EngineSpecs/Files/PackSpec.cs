using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Features.Files.Packing;

namespace Hypersend.EngineSpecs.Files;

/// <summary>The rows of packed forms.</summary>
public abstract class PackSpec(Engine engine) : FileSpec(engine)
{
    private SqlPackStore Packs => new SqlPackStore(Database);

    [Fact]
    public async Task A_large_text_waits_until_it_has_its_packed_form_and_others_never_do()
    {
        var ana = await JoinAsync("ana");
        var text = await ReadyAsync(NewFileOf(ana, 2 * ChunkSize));
        var small = await ReadyAsync(NewFileOf(ana, ChunkSize));
        var film = await ReadyAsync(NewFileOf(ana, 2 * ChunkSize) with { Mime = "video/mp4" });
        Assert.Equal((PackingStates.Wanted, null, null), (text.Packing, small.Packing, film.Packing));
        Assert.Equal([text.Id], await WaitingOfAsync(ana));

        var form = new PackedForm(NewId(), 5 << 20, ["0-a", "1-b"]);
        Assert.True(await Packs.AddAsync(text.Id, form, Cancellation));
        Assert.False(await Packs.AddAsync(text.Id, form with { Id = NewId() }, Cancellation));
        Assert.Empty(await WaitingOfAsync(ana));
        var found = (await Packs.FindAsync(text, Cancellation))!;
        Assert.Equal((form.Id, form.Size), (found.Id, found.Size));
        Assert.Equal(form.Names, found.Names);
        Assert.Equal(new BlobPlace(1, 4 << 20, 1 << 20, "1-b"), found.PlaceOf((5 << 20) - 1));
        Assert.Equal([form.Id], await Uploads.BesideAsync(text.Id, Cancellation));

        await Packs.ForgetAsync(text.Id, Cancellation);
        Assert.Null(await Packs.FindAsync(text, Cancellation));
        Assert.Equal([text.Id], await WaitingOfAsync(ana));
        await Packs.GiveUpAsync(text.Id, Cancellation);
        Assert.Empty(await WaitingOfAsync(ana));
        Assert.Equal(PackingStates.None, (await FileAsync(text.Id)).Packing);
        Assert.False(await Packs.AddAsync(text.Id, form, Cancellation));
    }

    [Fact]
    public async Task A_file_that_has_ended_gets_no_packed_form_and_one_with_the_same_bytes_shares_it()
    {
        var ana = await JoinAsync("ana");
        var text = await ReadyAsync(NewFileOf(ana, 2 * ChunkSize));
        var again = NewFileOf(ana, 2 * ChunkSize) with { KnownRoot = text.Sha256Root };
        await BeginAsync(again);
        Answer(await Uploads.CompleteAsync(again.Id, null, Now, Cancellation));
        Assert.Equal([text.Id], await WaitingOfAsync(ana));
        Assert.True(await Packs.AddAsync(text.Id, new PackedForm(NewId(), 10, []), Cancellation));
        var second = await FileAsync(again.Id);
        Assert.Equal(PackingStates.Gzip, second.Packing);
        Assert.Equal(10, (await Packs.FindAsync(second, Cancellation))!.Size);

        var gone = await ReadyAsync(NewFileOf(ana, 3 * ChunkSize), fill: 2);
        await Uploads.EndAsync(gone.Id, FileStates.Removed, Now, Cancellation);
        Assert.False(await Packs.AddAsync(gone.Id, new PackedForm(NewId(), 10, []), Cancellation));
    }

    private static FileId NewId() => new(Guid.CreateVersion7(Now));

    private async Task<FileId[]> WaitingOfAsync(Person person) =>
        [.. (await Packs.WaitingAsync(0, Cancellation)).Where(file => file.OwnerId == person.Id).Select(file => file.Id)];
}

public sealed class PackOnSqlite(SqliteEngine engine) : PackSpec(engine), IClassFixture<SqliteEngine>;

public sealed class PackOnPostgres(PostgresEngine engine) : PackSpec(engine), IClassFixture<PostgresEngine>;
