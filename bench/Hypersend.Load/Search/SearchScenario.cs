using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Hypersend.Load.History;
using Hypersend.Load.Send;
using Hypersend.Server.Features.Search;

namespace Hypersend.Load.Search;

/// <summary>
/// Searches in the messages of the history scenario, by a person who is in a thousand chats: common words, rare ones, words
/// that never meet. And what it costs to make and to keep the index.
/// </summary>
internal static class SearchScenario
{
    private const int Asked = 60;
    private const int AtOnce = 16;

    // What somebody may type: words that half of all messages of a language have, and such that hardly any has.
    private static readonly (string Kind, string[] Queries)[] Kinds =
    [
        ("a common word", ["the", "you", "morgen", "ich", "demain", "कल", "明天", "bring"]),
        ("the beginning of a word", ["har", "photo", "boa", "Büro", "proj", "not"]),
        ("several common words", ["can you bring tomorrow", "the shop on the corner", "my sister borrow", "has anybody seen"]),
        ("words that seldom meet", ["harbour office weekend", "bicycle invoice", "olives projector contract", "photographs Monday laugh"]),
        ("a phrase", ["\"second opinion\"", "\"same place as always\"", "\"the keys of the boat\""]),
        ("a number, a file, a link", ["harbour-4711.pdf", "example.org/budget/1234", "(98765)", "77.77"]),
        ("with operators", ["from:person00003 the", "has:link budget", "mentions:me", "before:2025-06-01 the", "in:Everybody the", "-the you"]),
        ("nothing at all", ["xylophone", "qqqq", "the xylophone"]),
    ];

    public static async Task RunAsync(RunOptions options, Report report)
    {
        var size = options.HistorySize;
        var folder = await HistoryFolder.PrepareAsync(options, size);
        var index = Path.Combine(folder, "data", "search.db");
        var rebuilt = await IndexedAsync(options, folder);
        report.Add(RebuiltRow(size, rebuilt, new FileInfo(index).Length, new FileInfo(Path.Combine(folder, "data", "hypersend.db")).Length));
        await using (var server = await ServerProcess.StartAsync(options, folder, "--RATE_LIMITS=off"))
            await MeasureAsync(options, report, "SQLite", server, await Crowd.RecallAsync(server), size);
        if (options.Postgres is { } postgres)
            await MeasurePostgresAsync(options, report, postgres, folder, size);
        else
            report.Add(new Row("searches, PostgreSQL", "not measured") { Remark = "no server was named (--postgres=)" });
    }

    private static async Task MeasurePostgresAsync(RunOptions options, Report report, string postgres, string folder, HistorySize size)
    {
        await using var database = await ScratchDatabase.MakeAsync(postgres);
        var secret = await File.ReadAllTextAsync(Path.Combine(folder, "data", "secret.key"));
        string[] settings = ["--RATE_LIMITS=off", "--DATABASE_URL=" + database.Url, "--SECRET_KEY=" + secret.Trim()];
        var place = Directory.CreateTempSubdirectory("hypersend-bench-").FullName;
        try
        {
            await using (await ServerProcess.StartAsync(options, place, settings))
            {
                // Makes the tables.
            }

            // The blocks of an index are the same in both engines; that they are made at the same price says the indexing scenario.
            await HistoryCopy.ToPostgresAsync(Path.Combine(folder, "data", "hypersend.db"), database.Url);
            await HistoryCopy.IndexToPostgresAsync(Path.Combine(folder, "data", "search.db"), database.Url);
            var (index, messages) = (await HistoryCopy.SizeAsync(database.Url, "search_blocks"), await HistoryCopy.SizeAsync(database.Url, "messages"));
            report.Add(new Row("search index, PostgreSQL", $"{(double)index / size.Messages:0} bytes a message")
            {
                Remark = $"{index / (1 << 20):#,0} MiB beside {messages / (1 << 20):#,0} MiB of messages",
            });
            await using var server = await ServerProcess.StartAsync(options, place, settings);
            await MeasureAsync(options, report, "PostgreSQL", server, await Crowd.RecallAsync(server), size);
        }
        finally
        {
            Directory.Delete(place, recursive: true);
        }
    }

    private static async Task MeasureAsync(RunOptions options, Report report, string engine, ServerProcess server, Crowd crowd, HistorySize size)
    {
        var token = crowd.Tokens[HistoryFolder.Reader];
        var all = new Samples();
        var kinds = new List<string>();
        foreach (var (kind, queries) in Kinds)
        {
            var samples = new Samples();
            foreach (var query in queries)
                await AskAsync(server, token, query);
            for (var i = 0; i < Asked; i++)
            {
                var took = await AskAsync(server, token, queries[i % queries.Length]);
                samples.Add(took);
                all.Add(took);
            }

            kinds.Add($"{kind} p50 {Milliseconds(samples.Rank(0.5))}, p95 {Milliseconds(samples.Rank(0.95))}, p99 {Milliseconds(samples.Rank(0.99))}");
        }

        report.Add(new Row($"search in {size.Messages:#,0} messages and {size.Chats:#,0} chats, {engine}", $"p50 {Milliseconds(all.Rank(0.5))}, p95 {Milliseconds(all.Rank(0.95))}")
        {
            Must = "p95 < 35 ms",
            Aim = "p95 30 ms",
            Remark = "one after another; " + string.Join("; ", kinds),
        });

        var together = new Samples();
        var queriesOfAll = Kinds.SelectMany(kind => kind.Queries).ToArray();
        await Parallel.ForAsync(0, Asked * 8, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
            together.Add(await AskAsync(server, crowd.Tokens[i % crowd.Tokens.Count], queriesOfAll[i % queriesOfAll.Length])));
        report.Add(new Row($"the same, {AtOnce} at once by everybody, {engine}", $"p50 {Milliseconds(together.Rank(0.5))}, p95 {Milliseconds(together.Rank(0.95))}"));
        report.Add(await SearchesBesideChat.MeasureAsync(options, engine, server, crowd, async (person, number) =>
            await AskAsync(server, crowd.Tokens[person], queriesOfAll[number % queriesOfAll.Length])));
    }

    private static Row RebuiltRow(HistorySize size, TimeSpan took, long bytes, long messages) =>
        new("search index made anew, SQLite", $"{Report.Number(size.Messages / took.TotalSeconds)} messages a second")
        {
            Remark = $"{took.TotalSeconds:0} s with the start of the program; {bytes / (1 << 20):#,0} MiB, {(double)bytes / size.Messages:0} bytes a message, beside {messages / (1 << 20):#,0} MiB of messages",
        };

    /// <summary>Makes the index, unless an earlier run did; how long it took then stands beside it.</summary>
    private static async Task<TimeSpan> IndexedAsync(RunOptions options, string folder)
    {
        var stamp = Path.Combine(folder, "search.txt");
        var version = string.Create(CultureInfo.InvariantCulture, $"{IndexReader.Version} ");
        if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp) is var known && known.StartsWith(version, StringComparison.Ordinal))
            return TimeSpan.FromSeconds(double.Parse(known[version.Length..], CultureInfo.InvariantCulture));
        var took = await RebuildAsync(options, folder);
        await File.WriteAllTextAsync(stamp, string.Create(CultureInfo.InvariantCulture, $"{version}{took.TotalSeconds:0.0}"));
        return took;
    }

    private static async Task<TimeSpan> RebuildAsync(RunOptions options, string folder)
    {
        var start = new ProcessStartInfo(options.ServerPath) { WorkingDirectory = folder, RedirectStandardOutput = true };
        foreach (var argument in new[] { "search", "rebuild", "--LOG_LEVEL=warning" })
            start.ArgumentList.Add(argument);
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            Console.Error.WriteLine("   " + line);
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? Stopwatch.GetElapsedTime(began) : throw new InvalidOperationException("The index could not be made.");
    }

    private static async Task<TimeSpan> AskAsync(ServerProcess server, string token, string query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/search/messages?limit=20&q=" + Uri.EscapeDataString(query));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var began = Stopwatch.GetTimestamp();
        using var answer = await server.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        var took = Stopwatch.GetElapsedTime(began);
        if (answer.StatusCode != HttpStatusCode.OK)
            throw new InvalidOperationException($"The search for {query} answered {answer.StatusCode}: {text}");
        using var page = JsonDocument.Parse(text);
        _ = page.RootElement.GetProperty("items").GetArrayLength();
        return took;
    }

    private static string Milliseconds(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.0} ms");
}
