using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Presence;

/// <summary>Many at once. Words are told together every two seconds, so that their number says how long the coming took: nothing else runs beside it.</summary>
[Collection(nameof(Alone))]
public sealed class CrowdTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task Everybody_who_comes_at_once_is_told_of_everybody()
    {
        var people = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => app.SignUpAsync("many")));
        await app.GroupAsync(people[0], people[1..]);
        var sockets = await Task.WhenAll(people.Select(async person =>
        {
            var socket = await SocketClient.OpenAsync(app, person);
            await socket.WatchAsync(people);
            return socket;
        }));

        await Task.WhenAll(sockets.Select(async socket =>
        {
            var missing = people.Select(person => person.Id.ToString()).ToHashSet();
            await socket.UntilAsync(one =>
            {
                if (one.Is("presence") && (string?)one["status"] == "online")
                    missing.Remove((string)one["user_id"]!);
                return missing.Count == 0;
            });
            Assert.InRange(socket.Frames, 1, 12);
        }));
        foreach (var socket in sockets)
            await socket.DisposeAsync();
    }
}
