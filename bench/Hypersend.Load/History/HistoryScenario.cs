using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Hypersend.Load.Sockets;
using Hypersend.Seed;

namespace Hypersend.Load.History;

/// <summary>
/// A database of ten million messages: the newest page of its largest chat, the list of a thousand chats, and a thousand
/// clients that come back after a restart.
/// </summary>
internal static class HistoryScenario
{
    // Code is compiled anew for some thousands of requests: what is asked for is a server that runs, not one that was just started.
    private const int WarmUp = 4_000;
    private const int PageRequests = 2_000;
    private const int Lists = 40;
    private const int Missed = 20;

    public static async Task RunAsync(RunOptions options, Report report)
    {
        var size = options.HistorySize;
        var folder = await HistoryFolder.PrepareAsync(options, size);
        Crowd crowd;
        Dictionary<Guid, Dictionary<Guid, long>> cursors;
        await using (var server = await ServerProcess.StartAsync(options, folder, "--RATE_LIMITS=off"))
        {
            crowd = await Crowd.RecallAsync(server);
            var heads = HistoryHeads.Read(folder);
            await MeasurePagesAsync(report, server, crowd, heads, size);
            await MeasureListAsync(report, server, crowd, size);
            cursors = heads.Cursors;
            for (var number = 0; number < Missed; number++)
                await SendMarkedAsync(server, crowd.Tokens[1 + number], heads.Everybody, number);
        }

        var came = new List<(TimeSpan Start, TimeSpan Sync)>();
        for (var round = 0; round < options.Rounds; round++)
            came.Add(await ComeBackAsync(options, folder, crowd, cursors));
        var (start, sync) = came.OrderBy(one => one.Start + one.Sync).ElementAt(came.Count / 2);
        report.Add(new Row($"restart: {crowd.Tokens.Count:#,0} clients in step again", Seconds(start + sync))
        {
            Must = "< 5 s, 0 lost",
            Aim = "2 s",
            Remark = $"from the start of the process; ready after {Seconds(start)}; all at once, {Missed} messages missed each, each got once and in order; worst {Seconds(came.Max(one => one.Start + one.Sync))}",
        });
    }

    private static async Task MeasurePagesAsync(Report report, ServerProcess server, Crowd crowd, HistoryHeads heads, HistorySize size)
    {
        var dice = new Dice(seed: 7);
        var (newest, older) = (new Samples(), new Samples());
        for (var i = 0; i < WarmUp; i++)
            await PageAsync(server, crowd, heads, dice, before: null, new Samples());
        var before = await ServerTimeAsync(server);
        for (var i = 0; i < PageRequests; i++)
            await PageAsync(server, crowd, heads, dice, before: null, newest);
        var after = await ServerTimeAsync(server);
        for (var i = 0; i < PageRequests; i++)
            await PageAsync(server, crowd, heads, dice, 100 + dice.Below(size.InOneChat - 100), older);
        report.Add(new Row($"newest page of a chat of {size.InOneChat:#,0} messages, {size.Messages:#,0} in all", $"p50 {Milliseconds(newest.Rank(0.5))}, p99 {Milliseconds(newest.Rank(0.99))}")
        {
            Must = "p50 < 1 ms",
            Aim = "0.5 ms",
            Remark = $"seen by the client, one after another; the server's own mean {Milliseconds(1000 * (after.Sum - before.Sum) / (after.Count - before.Count))}; "
                + $"a page anywhere in it p50 {Milliseconds(older.Rank(0.5))}, p99 {Milliseconds(older.Rank(0.99))}",
        });
    }

    private static async Task MeasureListAsync(Report report, ServerProcess server, Crowd crowd, HistorySize size)
    {
        var (pages, lists) = (new Samples(), new Samples());
        var chats = 0;
        for (var i = 0; i < Lists; i++)
        {
            var began = Stopwatch.GetTimestamp();
            string? cursor = null;
            chats = 0;
            do
            {
                var asked = Stopwatch.GetTimestamp();
                using var page = JsonDocument.Parse(await GetAsync(server, crowd.Tokens[HistoryFolder.Reader], $"/api/v1/chats?limit=200{(cursor is null ? "" : "&cursor=" + Uri.EscapeDataString(cursor))}"));
                pages.Add(Stopwatch.GetElapsedTime(asked));
                chats += page.RootElement.GetProperty("items").GetArrayLength();
                cursor = page.RootElement.GetProperty("next_cursor").GetString();
            }
            while (cursor is not null);
            lists.Add(Stopwatch.GetElapsedTime(began));
        }

        if (chats < size.Chats)
            throw new InvalidOperationException($"The list had {chats} chats.");
        report.Add(new Row($"list of {chats:#,0} chats with last message, unread and mentions", $"p50 {Milliseconds(lists.Rank(0.5))}, p99 {Milliseconds(lists.Rank(0.99))}")
        {
            Remark = $"pages of 200; one page p50 {Milliseconds(pages.Rank(0.5))}, p99 {Milliseconds(pages.Rank(0.99))}",
        });
    }

    private static async Task<(TimeSpan Start, TimeSpan Sync)> ComeBackAsync(
        RunOptions options, string folder, Crowd crowd, Dictionary<Guid, Dictionary<Guid, long>> cursors)
    {
        var hellos = crowd.Ids.Select(id => JsonSerializer.Serialize(new { type = "hello", cursors = cursors[id] })).ToArray();
        await using var server = await ServerProcess.StartAsync(options, folder, "--RATE_LIMITS=off");
        using var loop = new SocketLoop();
        var began = Stopwatch.GetTimestamp();
        var sockets = loop.Open(new HypersendDialect(crowd.Tokens, person => hellos[person], new Returned(loop)), server.Url.Port, crowd.Tokens.Count, TimeSpan.FromMinutes(1), atOnce: crowd.Tokens.Count);
        var took = Stopwatch.GetElapsedTime(began);
        return Array.TrueForAll(sockets, socket => socket.Next is [Missed])
            ? (server.StartedIn, took)
            : throw new InvalidOperationException("Somebody is in step who has not got everything.");
    }

    private static async Task PageAsync(ServerProcess server, Crowd crowd, HistoryHeads heads, Dice dice, int? before, Samples samples)
    {
        var asked = Stopwatch.GetTimestamp();
        var path = $"/api/v1/messages/{heads.Everybody}" + (before is { } seq ? string.Create(CultureInfo.InvariantCulture, $"?before={seq}") : "");
        await GetAsync(server, dice.OneOf(crowd.Tokens), path);
        samples.Add(Stopwatch.GetElapsedTime(asked));
    }

    private static async Task SendMarkedAsync(ServerProcess server, string token, Guid chat, int number)
    {
        var mark = new byte[Mark.Length];
        new Mark(0, number, Stopwatch.GetTimestamp()).Write(mark);
        await Room.PostAsync(server, "/api/v1/messages", token, JsonSerializer.Serialize(new { chat_id = chat, content = System.Text.Encoding.UTF8.GetString(mark) }), CancellationToken.None);
    }

    private static async Task<string> GetAsync(ServerProcess server, string token, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await server.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.StatusCode == HttpStatusCode.OK ? text : throw new InvalidOperationException($"GET {path} answered {answer.StatusCode}: {text}");
    }

    private static async Task<(double Sum, double Count)> ServerTimeAsync(ServerProcess server)
    {
        const string Route = "/messages/{";
        var text = await server.Http.GetStringAsync("/metrics");
        return (Metrics.Sum(text, "http_server_request_duration_seconds_sum", Route), Metrics.Sum(text, "http_server_request_duration_seconds_count", Route));
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.00} s");

    private static string Milliseconds(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.00} ms");

    /// <summary>Counts what each of those who come back has missed.</summary>
    private sealed class Returned(SocketLoop loop) : IEars
    {
        public void Heard(LoadSocket socket, Mark mark, long now)
        {
            if (socket.Next.Length == 0)
                socket.Next = [0];
            if (mark.Number != socket.Next[0]++)
                loop.Fail($"Person {socket.Person} missed message {socket.Next[0] - 1} and got {mark.Number}.");
        }

        public void Acknowledged(LoadSocket socket, int number, long now)
        {
        }
    }
}
