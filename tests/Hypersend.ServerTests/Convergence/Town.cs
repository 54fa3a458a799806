using System.Collections.Concurrent;
using Hypersend.Contracts.Ids;
using Hypersend.Sdk;
using Hypersend.Sdk.Realtime;
using Hypersend.ServerTests.Fixture;
using Person = Hypersend.ServerTests.Fixture.Person;

namespace Hypersend.ServerTests.Convergence;

/// <summary>Some people with their devices and chats, on one server or on two that share a database.</summary>
internal sealed class Town : IAsyncDisposable
{
    private readonly IReadOnlyList<App> _nodes;

    private Town(IReadOnlyList<App> nodes) => _nodes = nodes;

    public List<Citizen> People { get; } = [];

    public List<Device> Devices { get; } = [];

    public ConcurrentBag<ChatId> Made { get; } = [];

    /// <summary>What was said so far, as far as anybody got an answer.</summary>
    public ConcurrentQueue<MessageId> Said { get; } = new();

    public static async Task<Town> BuildAsync(IReadOnlyList<App> nodes, Dice dice)
    {
        var town = new Town(nodes);
        foreach (var name in new[] { "ana", "ben", "cat", "dan" })
            town.People.Add(new Citizen(await nodes[0].SignUpAsync(name), nodes));
        var people = town.People.Select(citizen => citizen.Person).ToArray();
        town.Made.Add(await people[0].DirectAsync(people[1]));
        town.Made.Add(await people[2].DirectAsync(people[0]));
        town.Made.Add(await nodes[0].GroupAsync(people[0], people[1..3]));
        town.Made.Add(await nodes[0].GroupAsync(people[3], people[1]));
        town.Made.Add(await people[1].RoomAsync());
        town.Made.Add(await people[2].ChannelAsync());
        foreach (var citizen in town.People)
            await town.AddDeviceAsync(citizen, dice);
        await town.AddDeviceAsync(town.People[0], dice);
        return town;
    }

    public ChatId AnyChat(Dice dice) => dice.Of([.. Made.OrderBy(chat => chat.Value)]);

    public MessageId AnyMessage(Dice dice)
    {
        var said = Said.ToArray();

        // Mostly what is fresh, which is where changes meet; now and then something that nobody has seen.
        return said.Length == 0 || dice.OneIn(50) ? new MessageId(AnyChat(dice), 1 + dice.Below(20)) : said[^(1 + dice.Below(Math.Min(said.Length, dice.OneIn(4) ? 200 : 15)))];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var device in Devices)
            await device.Live.DisposeAsync();
        foreach (var citizen in People)
            citizen.Dispose();
    }

    private async Task AddDeviceAsync(Citizen citizen, Dice dice)
    {
        // Where a socket ends up is the balancer's choice, not the client's.
        var way = dice.Split();
        var sockets = new CuttableSockets(() =>
        {
            lock (way)
                return way.Of(_nodes).Address;
        });
        var live = citizen.Person.Client.Live(sockets.Options);
        var device = new Device(citizen, live, sockets, new Shown(live));
        Devices.Add(device);
        await live.StartAsync().WaitAsync(TimeSpan.FromSeconds(60));
        device.Began = live.State;
    }
}

/// <summary>A person, and their way to every node.</summary>
internal sealed class Citizen : IDisposable
{
    private readonly HypersendClient[] _ways;

    public Citizen(Person person, IReadOnlyList<App> nodes)
    {
        Person = person;
        _ways = [.. nodes.Select(node => new HypersendClient(node.Address, new HypersendOptions { Tokens = person.Client.Tokens }))];
    }

    public Person Person { get; }

    public UserId Id => Person.Id;

    public HypersendClient Way(Dice dice) => dice.Of(_ways);

    public void Dispose()
    {
        foreach (var way in _ways)
            way.Dispose();
    }
}

/// <summary>One live client, the network under it and the screen above it.</summary>
internal sealed record Device(Citizen Owner, LiveClient Live, CuttableSockets Sockets, Shown Shown)
{
    /// <summary>What was known when everything began.</summary>
    public LiveState Began { get; set; } = LiveState.Empty;

    /// <summary>How it is, for whoever wonders what is taking so long.</summary>
    public override string ToString() =>
        $"{Owner.Person.Username} {Live.State.Status}, {Live.State.Outbox.Count} to send{string.Concat(Live.State.Outbox.Take(3).Select(message => $" {message.State}"))}, {Sockets.Opened} sockets opened";
}
