using System.Globalization;
using Hypersend.Contracts.Ids;
using Hypersend.FaultTests;
using Hypersend.Server.Engines.Blobs.Disk;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;
using Microsoft.Extensions.DependencyInjection;
using Dice = Hypersend.ServerTests.Fixture.Dice;
using Person = Hypersend.ServerTests.Fixture.Person;

namespace Hypersend.ServerTests.Faults.PowerLoss;

/// <summary>
/// The power goes at any moment: what a server did to its disk under load is written down once, and then many disks are made of
/// it as they may be found afterwards, each with a server started on it. POWER_SEED begins elsewhere, POWER_LOSSES says how often.
/// </summary>
[OneNode("the server has a disk to itself.")]
[PlainFolder("what is written is compared with what was sent.")]
public sealed class PowerLossTests(ITestOutputHelper output)
{
    private static readonly int Seed = Number("POWER_SEED", 1);

    private const int Few = 12;

    [Fact]
    public async Task What_was_acknowledged_is_there_whatever_the_disk_had_not_written_yet() => await LoseAsync(Number("POWER_LOSSES", Few));

    [Fact]
    [Trait(Soak.Trait, Soak.Value)]
    public async Task What_was_acknowledged_is_there_after_a_thousand_losses() => await LoseAsync(Number("POWER_LOSSES", 1_000));

    /// <summary>The same of a server that never asked for these flushes: if that did not show, nothing would.</summary>
    [Theory]
    [InlineData("hypersend.db")]
    [InlineData("blobs")]
    public async Task A_server_that_does_not_flush_is_found_out(string file)
    {
        await using var run = await RecordAsync();
        var careless = run.Log.Without(step => step is Flushed && step.File.StartsWith(file, StringComparison.Ordinal));
        var dice = new Dice((ulong)Seed);
        for (var loss = 0; loss < Few; loss++)
        {
            if (await IsFoundOutAsync(run, careless, dice.Split()))
                return;
        }

        Assert.Fail($"Nobody noticed that {file} was never flushed.");
    }

    private async Task LoseAsync(int losses)
    {
        await using var run = await RecordAsync();
        var dice = new Dice((ulong)Seed);
        for (var loss = 0; loss < losses; loss++)
        {
            var (moment, wrong) = await LookAsync(run, run.Log, dice.Split());
            Assert.True(wrong.Count == 0, $"seed {Seed}, loss {loss} at moment {moment} of {run.End}: {string.Join("; ", wrong)}");
        }

        output.WriteLine(
            $"seed {Seed}: power lost {losses} times in {run.End - run.Begin} steps of the disk, with {run.Ledger.Messages.Count} messages and " +
            $"{run.Ledger.Files.Count} files on their way: 0 acknowledged and lost, 0 corrupt");
    }

    private static async Task<bool> IsFoundOutAsync(Recording run, DiskLog log, Dice dice)
    {
        try
        {
            return (await LookAsync(run, log, dice)).Wrong.Count > 0;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A disk on which no server starts any more, or one that trips over what it finds.
            return true;
        }
    }

    private static async Task<(int Moment, IReadOnlyList<string> Wrong)> LookAsync(Recording run, DiskLog log, Dice dice)
    {
        // Right after somebody was told that something is safe, or at any other moment.
        var moment = dice.OneIn(2) ? dice.Of(run.Told) : run.Begin + dice.Below(run.End - run.Begin + 1);
        using var folder = new ScratchFolder();
        DiskImage.Build(log, moment, dice, folder.Path);
        await using var app = await App.StartAsync([.. run.Secrets, .. Recording.Places(folder.Path)]);
        var (reader, sender) = (await app.SignInAsync(run.Writers[0]), await app.SignInAsync(run.Sender));
        return (moment, await new Aftermath(app, run.Ledger, run.Chat, moment).LookAsync(reader, sender));
    }

    private static async Task<Recording> RecordAsync()
    {
        Assert.SkipWhen(TestDatabase.IsPostgres, "PostgreSQL answers for its own disk.");
        var folder = new ScratchFolder();
        try
        {
            var log = new DiskLog(folder.Path);
            RecordingVfs.Watch(log);
            await using var app = await App.StartWithAsync(Through(new RecordingCalls(log), folder.Path), Recording.Places(folder.Path));
            List<Person> writers = [await app.SignUpAsync("ana"), await app.SignUpAsync("ben"), await app.SignUpAsync("cat")];
            var sender = await app.SignUpAsync("dan");
            var chat = await app.GroupAsync(writers[0], [.. writers.Skip(1), sender]);
            var run = new Recording(folder, log, new Ledger(log), chat, writers, sender, log.Now, Recording.SecretsOf(app));
            await new Workload(app, log, run.Ledger, chat).RunAsync(writers, sender, new Dice((ulong)Seed));
            run.End = log.Now;
            return run;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    private static Action<IServiceCollection> Through(DiskCalls calls, string folder) => services =>
    {
        services.Remove(services.Single(service => service.ServiceType == typeof(DiskBlobStore)));
        services.AddSingleton(new DiskBlobStore(Path.Combine(folder, "blobs"), TimeProvider.System, calls, directFrom: 1 << 20));
    };

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : otherwise;

    /// <summary>A run under load, what it did to its disk, and what its clients know of it.</summary>
    private sealed record Recording(
        ScratchFolder Folder, DiskLog Log, Ledger Ledger, ChatId Chat, IReadOnlyList<Person> Writers, Person Sender, int Begin, string[] Secrets) : IAsyncDisposable
    {
        public int End { get; set; }

        public IReadOnlyList<int> Told => Ledger.Told;

        /// <summary>The settings that lead a server to a folder.</summary>
        public static string[] Places(string folder) => [$"--DATA_ROOT={folder}", "--DATABASE_URL=sqlite:" + Path.Combine(folder, "hypersend.db")];

        public static string[] SecretsOf(App app) =>
        [
            .. app.Settings.Where(setting => setting.StartsWith("--SECRET_KEY=", StringComparison.Ordinal) || setting.StartsWith("--PASSWORD_PEPPER=", StringComparison.Ordinal)),
        ];

        public ValueTask DisposeAsync()
        {
            Folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
