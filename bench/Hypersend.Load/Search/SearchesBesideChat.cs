using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Hypersend.Load.Search;

/// <summary>How long somebody waits who sends one message after the other, while nobody searches and while a hundred do.</summary>
internal static class SearchesBesideChat
{
    private const int AtOnce = 100;

    public static async Task<Row> MeasureAsync(RunOptions options, string engine, ServerProcess server, Crowd crowd, Func<int, int, Task> search)
    {
        var (chat, token) = (await RoomAsync(server, crowd.Tokens[1]), crowd.Tokens[1]);
        await SendAsync(server, token, chat, options.Length(2), new Samples());
        var (alone, beside) = (new Samples(), new Samples());
        await SendAsync(server, token, chat, options.Length(8), alone);
        using var end = new CancellationTokenSource();
        var searched = 0;
        var searches = Enumerable.Range(0, AtOnce).Select(person => Task.Run(async () =>
        {
            for (var number = person; !end.IsCancellationRequested; number++)
            {
                await search(person % crowd.Tokens.Count, number);
                Interlocked.Increment(ref searched);
            }
        })).ToList();
        await SendAsync(server, token, chat, options.Length(12), beside);
        await end.CancelAsync();
        await Task.WhenAll(searches);
        return new Row($"a send beside {AtOnce} searches at once, {engine}", $"p50 {Milliseconds(beside.Rank(0.5))}, p99 {Milliseconds(beside.Rank(0.99))}")
        {
            Peer = $"with no search p50 {Milliseconds(alone.Rank(0.5))}, p99 {Milliseconds(alone.Rank(0.99))}",
            Ratio = string.Create(CultureInfo.InvariantCulture, $"p99 {beside.Rank(0.99) / alone.Rank(0.99):0.0}x"),
            Remark = $"{beside.Count:#,0} sends, {searched:#,0} searches",
        };
    }

    private static async Task<string> RoomAsync(ServerProcess server, string token) =>
        (await Room.MakeAsync(server, token, """{"type":"group","name":"Beside searches"}""")).ToString();

    private static async Task SendAsync(ServerProcess server, string token, string chat, TimeSpan length, Samples samples)
    {
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < length;)
        {
            var asked = Stopwatch.GetTimestamp();
            await Room.PostAsync(server, "/api/v1/messages", token, JsonSerializer.Serialize(new { chat_id = chat, content = "said beside searches" }), CancellationToken.None);
            samples.Add(Stopwatch.GetElapsedTime(asked));
        }
    }

    private static string Milliseconds(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.0} ms");
}
