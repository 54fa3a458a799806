using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Engines.Search.Sqlite;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Features.Search;
using Microsoft.Data.Sqlite;

namespace Hypersend.EngineSpecs.Search;

public sealed class SearchOnSqlite(SqliteEngine engine) : SearchSpec(engine), IClassFixture<SqliteEngine>, IAsyncDisposable
{
    private const long Chat = 1_001;

    private readonly ScratchFolder _folder = new();
    private SqliteSearchIndex? _index;

    private string Path => _folder.File("search.db");

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        if (_index is not null)
            await _index.DisposeAsync();
        _folder.Dispose();
    }

    private protected override ISearchIndex Make() => _index = new SqliteSearchIndex(Path, TimeProvider.System);

    [Fact]
    public async Task The_file_is_hardly_larger_than_what_is_in_it_when_it_has_been_tidied()
    {
        // Ten segments of a few MiB, of words that no two messages share.
        const int Segments = 10;
        const int Messages = 2_000;
        const int Terms = 600;
        var word = 0;
        for (var segment = 0; segment < Segments; segment++)
        {
            var said = Enumerable.Range(segment * Messages, Messages)
                .Select(number => new IndexedMessage(MessageKey.Of(Chat, number + 1), number, [.. Enumerable.Range(0, Terms).Select(_ => word++ * 131)]))
                .ToList();
            Assert.True(await _index!.ApplyAsync(said, [new ReadOn(Chat, segment, segment + 1)], Cancellation));
        }

        while (await _index!.TidyAsync(Cancellation))
        {
            // Until nothing is left to do.
        }

        await using var file = new SqliteConnection($"Data Source={Path};Mode=ReadOnly;Pooling=False");
        await file.OpenAsync(Cancellation);
        var (pages, free) = (await AskAsync("page_count"), await AskAsync("freelist_count"));
        Assert.InRange(pages - free, 4_096, long.MaxValue);
        Assert.InRange(free, 0, Math.Max(4_096, pages / 3));

        async Task<long> AskAsync(string pragma)
        {
            await using var command = file.CreateCommand();
            command.CommandText = "PRAGMA " + pragma;
            return (long)(await command.ExecuteScalarAsync(Cancellation))!;
        }
    }

    [Fact]
    public async Task A_file_that_was_damaged_is_noticed_and_made_anew()
    {
        const int PageBytes = 4_096;
        const int Messages = 4_000;
        var path = _folder.File("damaged.db");
        var said = Enumerable.Range(0, Messages).Select(number => new IndexedMessage(MessageKey.Of(Chat, number + 1), number, [.. Enumerable.Range(0, 50), 1_000 + number, SearchTerms.Chat(Chat)])).ToList();
        await using (var index = new SqliteSearchIndex(path, TimeProvider.System))
        {
            await index.OpenAsync("one", Cancellation);
            Assert.True(await index.ApplyAsync(said, [new ReadOn(Chat, 0, 1)], Cancellation));
        }

        await using (var file = File.OpenWrite(path))
        {
            for (var page = 8; page < file.Length / PageBytes; page++)
            {
                file.Position = page * PageBytes;
                await file.WriteAsync(new byte[PageBytes].AsMemory(), Cancellation);
            }
        }

        await using var again = new SqliteSearchIndex(path, TimeProvider.System);
        Assert.True(await again.OpenAsync("one", Cancellation));
        var wish = new IndexWish { Chats = new HashSet<long> { Chat }, All = [5], Limit = Messages };
        Assert.Empty((await again.FindAsync(wish, Cancellation)).Items);
        Assert.True(again.IsDamaged);

        await again.ClearAsync(Cancellation);
        Assert.False(await again.OpenAsync("one", Cancellation));
        Assert.False(again.IsDamaged);
        Assert.True(await again.ApplyAsync([.. said.Take(3)], [new ReadOn(Chat, 0, 1)], Cancellation));
        Assert.Equal(3, (await again.FindAsync(wish, Cancellation)).Items.Count);
    }
}
