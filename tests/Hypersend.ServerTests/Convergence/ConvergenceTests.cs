using System.Globalization;
using Hypersend.Sdk.Realtime;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Convergence;

/// <summary>
/// Random operations by several people, random disconnects, one server on SQLite and two on PostgreSQL
/// with a bus between them that loses, repeats and reorders: at the end what
/// events made of every device's state is what a fresh look at the server shows, and nothing was shown twice.
/// HYPERSEND_TEST_RUNS and HYPERSEND_TEST_OPERATIONS make it long (200 and 500), HYPERSEND_TEST_SEED repeats one run.
/// </summary>
public sealed class ConvergenceTests(App app, ITestOutputHelper output) : IClassFixture<App>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly int Runs = Number("HYPERSEND_TEST_RUNS", 4);
    private static readonly int Operations = Number("HYPERSEND_TEST_OPERATIONS", 150);
    private static readonly int FirstSeed = Number("HYPERSEND_TEST_SEED", 1);

    [Fact]
    public async Task State_by_events_is_state_freshly_loaded_and_nothing_is_shown_twice()
    {
        await using var second = TestDatabase.IsPostgres ? await app.StartSecondAsync() : null;
        App[] nodes = second is null ? [app] : [app, second];
        if (second is not null)
            BusBridge.Join(app, second, new Dice((ulong)FirstSeed));

        var (seeds, failures) = (new List<int>(), new List<string>());
        for (var seed = FirstSeed; seed < FirstSeed + Runs; seed++)
        {
            seeds.Add(seed);
            if (await TryAsync(nodes, seed, Operations) is { Count: > 0 } differences)
                failures.Add($"seed {seed}: {await ShrinkAsync(nodes, seed)}\n  {string.Join("\n  ", differences.Take(20))}");
        }

        output.WriteLine($"{Runs} runs of {Operations} operations on {nodes.Length} server(s), seeds {seeds[0]} to {seeds[^1]}: {failures.Count} diverged");
        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }

    private static async Task<IReadOnlyList<string>> TryAsync(IReadOnlyList<App> nodes, int seed, int operations)
    {
        try
        {
            return await RunAsync(nodes, seed, operations);
        }
        catch (TimeoutException late)
        {
            return [late.Message];
        }
    }

    private static async Task<IReadOnlyList<string>> RunAsync(IReadOnlyList<App> nodes, int seed, int operations)
    {
        var dice = new Dice((ulong)seed);
        await using var town = await Town.BuildAsync(nodes, dice);
        for (var done = 0; done < operations;)
        {
            // Some one after the other, some at once.
            var together = Math.Min(operations - done, dice.OneIn(2) ? 1 : 1 + dice.Below(8));
            Dice[] own = [.. Enumerable.Range(0, together).Select(_ => dice.Split())];
            await InTimeAsync(town, "doing", Task.WhenAll(own.Select(each => Task.Run(() => Deeds.DoAsync(town, each)))));
            done += together;
        }

        foreach (var device in town.Devices)
            device.Sockets.ComeBack();
        foreach (var device in town.Devices)
            await InTimeAsync(town, "sending what is left", EmptyOutboxAsync(device.Live));
        return await CompareAsync(town);
    }

    private static async Task InTimeAsync(Town town, string what, Task work)
    {
        try
        {
            await work.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{what} took too long; {string.Join("; ", town.Devices.Select(device => device.ToString()))}");
        }
    }

    private static async Task EmptyOutboxAsync(LiveClient live)
    {
        while (true)
        {
            var state = await live.WhenAsync(state => state.Status == LiveStatus.Live && (state.Outbox.IsEmpty || state.Outbox.Any(message => message.State == SendState.Failed)));
            if (state.Outbox.IsEmpty)
                return;
            Deeds.Discard(live);
        }
    }

    /// <summary>The last events are on their way, and marks of a second ago are told now: a difference has to stay to count.</summary>
    private static async Task<IReadOnlyList<string>> CompareAsync(Town town)
    {
        var end = TimeProvider.System.GetTimestamp() + (long)(Patience.TotalSeconds * TimeProvider.System.TimestampFrequency);
        while (true)
        {
            var differences = new List<string>();
            foreach (var citizen in town.People)
            {
                var fresh = await FreshLook.TakeAsync(citizen.Person);
                foreach (var device in town.Devices.Where(device => device.Owner == citizen))
                    differences.AddRange(Differences.Between(device, fresh).Select(difference => $"{citizen.Person.Username}: {difference}"));
            }

            if (differences.Count == 0 || TimeProvider.System.GetTimestamp() > end)
                return differences;
            await Task.WhenAny([Task.Delay(TimeSpan.FromMilliseconds(500)), .. town.Devices.Select(device => ChangeAsync(device.Live))]);
        }
    }

    private static Task ChangeAsync(LiveClient live)
    {
        var before = live.State;
        return live.WhenAsync(state => !ReferenceEquals(state, before)).WaitAsync(TimeSpan.FromSeconds(1)).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    /// <summary>The same seed with fewer operations, as long as it still diverges.</summary>
    private static async Task<string> ShrinkAsync(IReadOnlyList<App> nodes, int seed)
    {
        var fewest = Operations;
        for (var fewer = fewest / 2; fewer > 5; fewer /= 2)
        {
            if ((await TryAsync(nodes, seed, fewer)).Count == 0)
                break;
            fewest = fewer;
        }

        return $"{fewest} operations are enough to diverge";
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : otherwise;
}
