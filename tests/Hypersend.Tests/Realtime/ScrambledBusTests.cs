using Hypersend.Contracts.Ids;
using Hypersend.Server.Realtime;
using Hypersend.Server.Realtime.Fanout;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hypersend.Tests.Realtime;

/// <summary>A bus that drops, repeats and reorders: in the end everybody has heard everything that was theirs, once, in order.</summary>
public sealed class ScrambledBusTests
{
    private const int People = 8;
    private const int Chats = 3;
    private const int Commits = 300;

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(40)]
    public async Task Whatever_the_bus_does_it_ends_right(int lostOfHundred)
    {
        var dice = new Dice();
        TestContext.Current.TestOutputHelper!.WriteLine($"Seed {dice.Seed}");
        var chats = new FakeChats();
        var hub = new LiveHub(chats, TimeProvider.System, NullLogger<LiveHub>.Instance);
        var users = Enumerable.Range(1, People).Select(number => new UserId(new Guid(number, 0, 0, new byte[8]))).ToArray();
        var listened = Enumerable.Range(1, Chats).Select(no => chats.Add(no, [.. users.Where(_ => dice.Next(2) == 0)])).ToArray();
        var ears = new List<Ear>();
        foreach (var user in users)
        {
            var ear = new Ear(user);
            hub.Enter(ear);
            await hub.SitAsync(ear, await chats.ChatsOfAsync(user, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
            ears.Add(ear);
        }

        // Members who stay from the first to the last have to hear every rev; the others' stays are looked at below.
        var moved = new HashSet<(long, UserId)>();
        var waiting = new List<BusMessage>();
        for (var i = 0; i < Commits; i++)
        {
            var commit = Change(chats, dice, users, moved);
            if (dice.Next(100) >= lostOfHundred)
                waiting.Add(commit);
            if (dice.Next(10) == 0)
                waiting.Add(commit);
            while (waiting.Count > dice.Next(12))
            {
                var at = dice.Next(waiting.Count);
                hub.Receive(waiting[at]);
                waiting.RemoveAt(at);
            }
        }

        foreach (var message in waiting)
            hub.Receive(message);
        hub.Look(chats.Heads());

        foreach (var chat in listened)
        {
            var head = chats.Listened(chat.No);
            foreach (var ear in ears)
            {
                var stayed = chats.IsMember(chat.No, ear.User) && !moved.Contains((chat.No, ear.User));
                if (stayed)
                    await ear.UntilAsync(one => one.Revs(chat.Id) is [.., var last] && last == head.Rev);
                var revs = ear.Revs(chat.Id);
                Assert.True(revs.Zip(revs.Skip(1)).All(pair => pair.First < pair.Second), $"Seed {dice.Seed}: heard out of order or twice: {string.Join(' ', revs)}");
                if (stayed)
                    Assert.Equal(Enumerable.Range((int)chat.Rev + 1, (int)(head.Rev - chat.Rev)).Select(rev => (long)rev), revs);
            }
        }
    }

    private static ChatCommit Change(FakeChats chats, Dice dice, UserId[] users, HashSet<(long, UserId)> moved)
    {
        var no = 1 + dice.Next(Chats);
        var user = users[dice.Next(users.Length)];
        if (dice.Next(5) > 0)
            return chats.Commit(no, events: 1 + dice.Next(4));
        moved.Add((no, user));
        return chats.IsMember(no, user)
            ? chats.Commit(no, events: dice.Next(2), left: [user])
            : chats.Commit(no, events: dice.Next(2), joined: [user]);
    }
}
