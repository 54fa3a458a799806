using System.Text.Json;

namespace Hypersend.Load.People;

/// <summary>
/// The whole server as people use it. Bounded: so many of them at an unhurried pace, and what each deed takes. Unbounded: more and
/// more of them come, until something is slow, fails, or the processors are full; the last number that was fine counts.
/// </summary>
internal static class PeopleScenario
{
    private const int Bounded = 1_000;
    private const int Step = 500;
    private const int Most = 6_000;
    private const int GroupSize = 20;
    private const int GroupsEach = 3;
    private const int WordsBefore = 40;
    private const double SlowFrom = 250;
    private const double FullFrom = 0.95;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(RunOptions options, Report report)
    {
        var (bounded, step, most) = options.Quick ? (100, 100, 300) : (Bounded, Step, Most);
        OpenFiles.Need(most + 2_000);
        await using var server = await ServerProcess.StartAsync(options, null, "--RATE_LIMITS=off");
        await server.SignUpAsync("admin");
        var crowd = await Crowd.GatherAsync(server, most);
        var chats = await MeetAsync(server, crowd);
        await using var people = new Gathering(server, crowd, chats, Pause);

        people.Invite(bounded);
        await people.WatchAsync(options.Length(15));
        var calm = await people.WatchAsync(options.Length(30));
        foreach (var deed in calm.Tally.Deeds)
        {
            var times = calm.Tally.Of(deed);
            report.Add(new Row($"{bounded} people, {deed}: p50 / p99", $"{times.Rank(0.5):0.0} / {times.Rank(0.99):0.0} ms") { Remark = $"{times.Count} times" });
        }

        report.Add(new Row($"{bounded} people, all they did a second", Report.Number(calm.Tally.Count / calm.Length.TotalSeconds))
        {
            Remark = $"{Report.Number(calm.Tally.Heard / calm.Length.TotalSeconds)} frames a second heard; server {calm.Server:0.00} of {Environment.ProcessorCount} processors, the people {calm.People:0.00}; " +
                $"{server.Resident() >> 20} MiB; {calm.Tally.Faults} failed",
        });
        await GrowAsync(options, report, people, bounded, step, most);
    }

    private static async Task GrowAsync(RunOptions options, Report report, Gathering people, int now, int step, int most)
    {
        var fine = now;
        var why = "no more were invited";
        Stretch? last = null;
        while (now + step <= most)
        {
            people.Invite(step);
            now += step;
            await people.WatchAsync(options.Length(8));
            var stretch = await people.WatchAsync(options.Length(12));
            var (deed, slowest) = stretch.Tally.Slowest(0.99);
            why = stretch.Tally.Faults > stretch.Tally.Count / 1_000 ? $"at {now} something failed: {stretch.Tally.Fault}"
                : slowest > SlowFrom ? $"at {now} \"{deed}\" took {slowest:0} ms (p99)"
                : stretch.Server + stretch.People > FullFrom * Environment.ProcessorCount ? $"at {now} the processors were full, {stretch.Server:0.00} the server's and {stretch.People:0.00} the people's"
                : "";
            if (why.Length > 0)
                break;
            (fine, last) = (now, stretch);
            why = "no more were invited";
        }

        report.Add(new Row("people at once, each with a socket and a deed every 5 s", Report.Number(fine))
        {
            Remark = why + (last is null ? "" : $"; before, {Report.Number(last.Tally.Count / last.Length.TotalSeconds)} deeds a second, server {last.Server:0.00} processors"),
        });
    }

    /// <summary>Everybody is in some groups, and something was said there.</summary>
    private static async Task<IReadOnlyList<IReadOnlyList<string>>> MeetAsync(ServerProcess server, Crowd crowd)
    {
        var count = crowd.Ids.Count;
        var chats = Enumerable.Range(0, count).Select(_ => new List<string>()).ToArray();
        var circles = Enumerable.Range(0, GroupsEach).SelectMany(round => Enumerable.Range(0, count / GroupSize).Select(group => (round, group)));
        await Parallel.ForEachAsync(circles, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (circle, cancellation) =>
        {
            // In each round others sit together.
            var members = Enumerable.Range(0, GroupSize).Select(seat => circle.round switch
            {
                0 => (circle.group * GroupSize) + seat,
                1 => circle.group + (seat * (count / GroupSize)),
                _ => ((circle.group * GroupSize) + (seat * 7919)) % count,
            }).Distinct().ToArray();
            var request = JsonSerializer.Serialize(new { type = "group", name = $"Circle {circle.round}-{circle.group}", member_ids = members.Skip(1).Select(member => crowd.Ids[member]) });
            var chat = await Room.MakeAsync(server, crowd.Tokens[members[0]], request);
            for (var word = 0; word < WordsBefore; word++)
            {
                var body = JsonSerializer.Serialize(new { chat_id = chat, content = $"The ferry to the harbour leaves at {word}, bring the tickets and the film." });
                await Room.PostAsync(server, "/api/v1/messages", crowd.Tokens[members[word % members.Length]], body, cancellation);
            }

            foreach (var member in members)
            {
                lock (chats[member])
                    chats[member].Add(chat);
            }
        });
        return chats;
    }
}
