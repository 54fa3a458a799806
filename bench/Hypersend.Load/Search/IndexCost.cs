using System.Diagnostics;
using System.Globalization;
using Hypersend.Contracts.Ids;
using Hypersend.Load.Send;
using Hypersend.Seed;
using Hypersend.Server.Engines.Search.Postgres;
using Hypersend.Server.Engines.Search.Sqlite;
using Hypersend.Server.Engines.Sql.Postgres;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Features.Search;

namespace Hypersend.Load.Search;

/// <summary>
/// What a message costs the processor on its way into the index, without the rest of the server: finding its terms, and putting them
/// into the index of an engine. Processor time, so that a busy machine says the same.
/// </summary>
internal static class IndexCost
{
    private const int Batch = 3_000;
    private const int Chats = 2_000;

    public static async Task RunAsync(RunOptions options, Report report)
    {
        var messages = Talk(options.Quick ? 30_000 : 300_000);
        var terms = new MessageTerms();
        _ = messages.Take(Batch).Sum(message => terms.Of(message)!.Length);
        var indexed = new List<IndexedMessage>(messages.Count);
        var allocated = GC.GetTotalAllocatedBytes();
        var began = Worked();
        foreach (var message in messages)
            indexed.Add(new IndexedMessage(message.Key, message.CreatedAt.ToUnixTimeMilliseconds(), terms.Of(message)));
        var took = Worked() - began;
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        report.Add(new Row("processor time to find the terms of a message", Microseconds(took, messages.Count))
        {
            Remark = $"{indexed.Average(message => message.Terms!.Length):0.0} terms of {messages.Average(message => message.Content!.Length):0} characters; {allocated / messages.Count:#,0} bytes allocated",
        });
        await MeasureSqliteAsync(report, indexed);
        if (options.Postgres is { } postgres)
            await MeasurePostgresAsync(report, postgres, indexed);
        await IndexLag.MeasureAsync(options, report);
    }

    private static async Task MeasureSqliteAsync(Report report, List<IndexedMessage> messages)
    {
        var folder = Directory.CreateTempSubdirectory("hypersend-bench-");
        await using (var index = new SqliteSearchIndex(Path.Combine(folder.FullName, "search.db"), TimeProvider.System))
            report.Add(RowOf("SQLite", await PutAsync(index, messages), await index.SizeAsync(CancellationToken.None), messages.Count));
        folder.Delete(recursive: true);
    }

    private static async Task MeasurePostgresAsync(Report report, string server, List<IndexedMessage> messages)
    {
        await using var scratch = await ScratchDatabase.MakeAsync(server);
        await using var database = new PostgresDatabase(PostgresUrl.ToConnectionString(scratch.Url)!, TimeProvider.System);
        var index = new PostgresSearchIndex(database, TimeProvider.System);
        var before = await PostgresProcesses.WorkedAsync(scratch.Url);
        var took = await PutAsync(index, messages);
        took += await PostgresProcesses.WorkedAsync(scratch.Url) - before;
        report.Add(RowOf("PostgreSQL", took, await index.SizeAsync(CancellationToken.None), messages.Count));
    }

    private static async Task<TimeSpan> PutAsync(ISearchIndex index, List<IndexedMessage> messages)
    {
        await index.OpenAsync("cost", CancellationToken.None);
        var began = Worked();
        var rev = 0;
        foreach (var batch in messages.Chunk(Batch))
        {
            if (!await index.ApplyAsync(batch, [new ReadOn(1, rev, rev + batch.Length)], CancellationToken.None))
                throw new InvalidOperationException("The index was read on by somebody else.");
            rev += batch.Length;
            while (await index.TidyAsync(CancellationToken.None))
            {
                // What a server does beside it is part of the price.
            }
        }

        return Worked() - began;
    }

    private static List<SourceMessage> Talk(int count)
    {
        var (sentences, dice) = (Sentences.Load(), new Dice(seed: 5));
        var people = Enumerable.Range(0, 1_000).Select(_ => new UserId(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()))).ToArray();
        var seqs = new int[Chats];
        var at = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var messages = new List<SourceMessage>(count);
        for (var i = 0; i < count; i++)
        {
            var chat = dice.Below(Chats);
            messages.Add(new SourceMessage
            {
                Key = MessageKey.Of(chat + 1, ++seqs[chat]),
                SenderId = dice.OneOf(people),
                Type = "text",
                Content = sentences.Next(dice.OnceIn(10) ? dice.Below(sentences.Languages) : chat % sentences.Languages, dice),
                CreatedAt = at.AddMilliseconds(i * 40L),
            });
        }

        return messages;
    }

    private static Row RowOf(string engine, TimeSpan took, long bytes, int messages) => new($"processor time to put them into the index, {engine}", Microseconds(took, messages))
    {
        Remark = $"{messages:#,0} messages in batches of {Batch:#,0}; {(double)bytes / messages:0} bytes a message",
    };

    private static TimeSpan Worked() => Process.GetCurrentProcess().TotalProcessorTime;

    private static string Microseconds(TimeSpan took, int messages) => string.Create(CultureInfo.InvariantCulture, $"{took.TotalMicroseconds / messages:0.0} µs");
}
