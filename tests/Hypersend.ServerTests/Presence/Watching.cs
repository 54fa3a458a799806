using System.Text.Json.Nodes;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Presence;

/// <summary>What sockets say and hear of presence, in the words of the tests.</summary>
internal static class Watching
{
    public static Task WatchAsync(this SocketClient socket, params Person[] people) =>
        socket.SendAsync($$"""{"type":"presence.watch","user_ids":[{{string.Join(',', people.Select(person => $"\"{person.Id}\""))}}]}""");

    public static Task SetPresenceAsync(this SocketClient socket, string status) =>
        socket.SendAsync($$"""{"type":"presence.set","status":"{{status}}"}""");

    /// <summary>Waits until it is said of somebody; what is said before must be of others.</summary>
    public static async Task<JsonObject> HearsAsync(this SocketClient socket, Person person, string status)
    {
        // What was so when another node was last heard of may be told first.
        var told = await socket.NextAsync(
            one => one.Is("presence") && (string?)one["user_id"] == person.Id.ToString() && (!Cluster.IsOn || (string?)one["status"] == status), $"a word of {person.Username}");
        Assert.Equal((status, status), ((string?)told["status"], (string?)told["presence"]));
        return told;
    }

    /// <summary>
    /// Nothing was said of these people, though somebody who is told of in the same round was heard of meanwhile.
    /// </summary>
    public static async Task HearsNothingButAsync(this SocketClient socket, Person witness, string status, params Person[] people)
    {
        // What is told of the witness when the watch begins may come later than what is told of the others.
        var heard = await socket.UntilAsync(one => one.Is("presence") && (string?)one["user_id"] == witness.Id.ToString() && (string?)one["status"] == status);
        Assert.DoesNotContain(heard, one => people.Any(person => one.Is("presence") && (string?)one["user_id"] == person.Id.ToString()));
    }
}
