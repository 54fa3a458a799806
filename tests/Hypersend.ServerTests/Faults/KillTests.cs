using System.Globalization;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Sdk;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Faults;

/// <summary>
/// The server is killed with SIGKILL at random moments under load and started again. HYPERSEND_TEST_KILLS says how often (50
/// for the long profile), HYPERSEND_TEST_SEED when.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private static readonly int Kills = Number("HYPERSEND_TEST_KILLS", 4);
    private static readonly int Seed = Number("HYPERSEND_TEST_SEED", 1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task What_was_acknowledged_is_there_once_and_in_order_whenever_the_server_is_killed()
    {
        var dice = new Dice((ulong)Seed);
        await using var server = await ServerChild.StartAsync();
        var writers = await GatherAsync(server);
        using var stopping = new CancellationTokenSource();
        var writing = writers.Select((writer, i) => i % 2 == 0 ? writer.WriteLiveAsync(stopping.Token) : writer.WriteHttpAsync(stopping.Token)).ToList();
        for (var kill = 0; kill < Kills; kill++)
        {
            await WhileLoadedAsync(writers, writing);
            await Task.Delay(10 + dice.Below(491));
            await server.KillAsync();
            await server.StartAgainAsync();
        }

        await WhileLoadedAsync(writers, writing);
        await stopping.CancelAsync();
        await Task.WhenAll(writing).WaitAsync(Patience);
        await CheckAsync(writers);
        foreach (var writer in writers)
            writer.Client.Dispose();
    }

    private static async Task<IReadOnlyList<Writer>> GatherAsync(ServerChild server)
    {
        var people = new List<(HypersendClient Client, UserId Id, string Name)>();
        foreach (var name in new[] { "ana", "ben", "cat", "dan" })
        {
            var client = await server.SignUpAsync(name);
            people.Add((client, (await client.Accounts.GetMeAsync()).Id, name));
        }

        var chats = new List<ChatId>();
        foreach (var name in new[] { "Film", "Team", "Trip" })
        {
            chats.Add((await people[0].Client.Chats.CreateAsync(new CreateChatRequest
            {
                Type = ChatTypes.Group,
                Name = name,
                MemberIds = [.. people.Skip(1).Select(person => person.Id)],
            })).Id);
        }

        return [.. people.Select(person => new Writer(person.Client, person.Id, person.Name, chats))];
    }

    /// <summary>Waits until everybody has been acknowledged something since the last start.</summary>
    private static async Task WhileLoadedAsync(IReadOnlyList<Writer> writers, IReadOnlyList<Task> writing)
    {
        int[] before = [.. writers.Select(writer => writer.Acknowledged)];
        using var deadline = new CancellationTokenSource(Patience);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (writers.Zip(before).Any(pair => pair.First.Acknowledged == pair.Second))
        {
            if (writing.FirstOrDefault(task => task.IsFaulted) is { } broken)
                await broken;
            await tick.WaitForNextTickAsync(deadline.Token);
        }
    }

    private async Task CheckAsync(IReadOnlyList<Writer> writers)
    {
        var reader = writers[0].Client;
        var found = new Dictionary<MessageId, Message>();
        var (missing, twice, disorder) = (0, 0, 0);
        foreach (var chat in (await reader.Chats.ListAsync()).Items.Where(chat => chat.Type == ChatTypes.Group))
        {
            var messages = await AllAsync(reader, chat.Id);
            Assert.Equal(Enumerable.Range(1, messages.Count).Select(seq => (long)seq), messages.Select(message => message.Seq));
            Assert.Equal(chat.LastSeq, messages[^1].Seq);
            foreach (var message in messages)
                found[message.Id] = message;
            var said = messages.Where(message => message.Type == MessageTypes.Text).ToList();
            twice += said.Count - said.DistinctBy(message => message.Content).Count();
            foreach (var own in said.GroupBy(message => message.Sender.Id))
                disorder += own.Zip(own.Skip(1)).Count(pair => string.CompareOrdinal(pair.First.Content, pair.Second.Content) >= 0);
        }

        foreach (var writer in writers)
            missing += writer.Log.Count(entry => !found.TryGetValue(entry.Key, out var message) || message.Content != entry.Value);
        var acknowledged = writers.Sum(writer => writer.Log.Count);
        var shownTwice = writers.Sum(writer => writer.Shown?.Twice.Count ?? 0);
        output.WriteLine(
            $"seed {Seed}: {Kills} kills, {acknowledged} messages acknowledged: {missing} acked but missing, {twice} duplicates, {disorder} order breaks, {shownTwice} shown twice");
        Assert.Equal((0, 0, 0, 0), (missing, twice, disorder, shownTwice));
        Assert.Equal(writers.Sum(writer => writer.Written), acknowledged);
    }

    private static async Task<IReadOnlyList<Message>> AllAsync(HypersendClient reader, ChatId chat)
    {
        var all = new List<Message>();
        while (true)
        {
            var page = await reader.Messages.ListAsync(chat, new() { After = all.Count == 0 ? 0 : all[^1].Seq, Limit = 200 });
            all.AddRange(page.Items);
            if (!page.HasMoreAfter)
                return all;
        }
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : otherwise;
}
