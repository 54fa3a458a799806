using System.Text.Json.Nodes;
using Hypersend.Contracts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Messages;
using Hypersend.ServerTests.Fixture;
using Person = Hypersend.ServerTests.Fixture.Person;

namespace Hypersend.ServerTests.Chats;

/// <summary>Discovery, the views by kind, and the doors for older clients.</summary>
public sealed class KindTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task Rooms_and_public_channels_are_found_by_the_beginnings_of_words()
    {
        var (ana, bob) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bob"));
        var room = await ana.CreateChatAsync(ChatTypes.Room, "Großes Kino");
        var channel = await ana.CreateChatAsync(ChatTypes.Channel, "kinoprogramm");
        await ana.MakeChatAsync("""{"type":"channel","name":"Kino privat"}""");
        Assert.Equal([channel.Id, room.Id], (await FindAsync(bob, "KINO")).Select(chat => chat.Id));
        Assert.Equal([room.Id], (await FindAsync(bob, "kino gross")).Select(chat => chat.Id));
        Assert.Empty(await FindAsync(bob, "%21%3F"));
        Assert.Contains(await FindAsync(bob, ""), chat => chat.Id == room.Id);
        Assert.Null((await FindAsync(bob, "kino"))[0].MyRole);
        Assert.Equal(ChatRoles.Owner, (await FindAsync(ana, "kino"))[0].MyRole);
        await bob.GetAsync("/api/v1/chats/discover?q=a%00").RefusedAsync(422, ErrorCodes.InvalidText);
        await bob.GetAsync("/api/v1/chats/discover?q=" + new string('a', 101)).RefusedAsync(422, ErrorCodes.ValidationFailed);
        await bob.GetAsync("/api/v1/chats/discover?cursor=x").RefusedAsync(400, ErrorCodes.InvalidCursor);
    }

    [Fact]
    public async Task Groups_are_my_chats_of_that_kind_and_nothing_else_is_there()
    {
        var (ana, bob) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bob"));
        var group = await ana.PostAsync("/api/v1/groups", $$"""{"name":"Trip","member_ids":["{{bob.Id}}"]}""").ReadAsync(HypersendJson.Wire.Chat, 201);
        var channel = await ana.CreateChatAsync(ChatTypes.Channel, "News", bob);
        var listed = await bob.GetAsync("/api/v1/groups").ReadAsync(HypersendJson.Wire.PageOfSummaries);
        Assert.Equal(group.Id, Assert.Single(listed.Items).Id);
        Assert.Equal(ChatTypes.Group, (await bob.GetAsync($"/api/v1/groups/{group.Id}").ReadAsync(HypersendJson.Wire.Chat)).Type);
        await bob.GetAsync($"/api/v1/groups/{channel.Id}").RefusedAsync(404, ErrorCodes.NotFound);
        await ana.DeleteAsync($"/api/v1/groups/{channel.Id}").RefusedAsync(404, ErrorCodes.NotFound);
        Assert.Equal("Trip!", (await ana.PutAsync($"/api/v1/groups/{group.Id}", """{"name":"Trip!"}""").ReadAsync(HypersendJson.Wire.Chat)).Name);
        await bob.PostAsync($"/api/v1/groups/{group.Id}/leave").AnsweredAsync(204);
        Assert.Empty((await bob.GetAsync("/api/v1/groups").ReadAsync(HypersendJson.Wire.PageOfSummaries)).Items);
    }

    [Fact]
    public async Task A_channel_is_subscribed_to_and_published_in()
    {
        var (ana, bob) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bob"));
        var channel = await ana.PostAsync("/api/v1/channels", """{"name":"News","public":true}""").ReadAsync(HypersendJson.Wire.Chat, 201);
        var mine = await bob.PostAsync($"/api/v1/channels/{channel.Id}/subscribe").ReadAsync(HypersendJson.Wire.Chat);
        Assert.Equal(ChatRoles.Subscriber, mine.MyRole);
        var published = await ana.PostAsync($"/api/v1/channels/{channel.Id}/publish", """{"content":"It rains","client_id":"1"}""").ReadAsync(HypersendJson.Wire.Message, 201);
        Assert.Equal((channel.Id, "It rains"), (published.ChatId, published.Content));
        var again = await ana.PostAsync($"/api/v1/channels/{channel.Id}/publish", """{"content":"It rains","client_id":"1"}""").ReadAsync(HypersendJson.Wire.Message);
        Assert.Equal(published.Id, again.Id);
        await bob.PostAsync($"/api/v1/channels/{channel.Id}/publish", """{"content":"Does not"}""").RefusedAsync(403, ErrorCodes.Forbidden);
        var listed = Assert.Single((await bob.GetAsync("/api/v1/channels").ReadAsync(HypersendJson.Wire.PageOfSummaries)).Items);
        Assert.Equal((1, 2), (listed.Unread, listed.LastSeq));
        await bob.DeleteAsync($"/api/v1/channels/{channel.Id}/subscribe").AnsweredAsync(204);
        Assert.Empty((await bob.GetAsync("/api/v1/channels").ReadAsync(HypersendJson.Wire.PageOfSummaries)).Items);

        var group = await ana.CreateChatAsync(ChatTypes.Group);
        await ana.PostAsync($"/api/v1/channels/{group.Id}/publish", """{"content":"x"}""").RefusedAsync(404, ErrorCodes.NotFound);
    }

    [Fact]
    public async Task All_rooms_are_listed_whoever_is_in_them()
    {
        var (ana, bob) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bob"));
        var room = await ana.PostAsync("/api/v1/rooms", """{"name":"Lobby"}""").ReadAsync(HypersendJson.Wire.Chat, 201);
        var listed = (await bob.GetAsync("/api/v1/rooms?limit=200").ReadAsync(HypersendJson.Wire.PageOfChats)).Items.Single(chat => chat.Id == room.Id);
        Assert.Equal((null, true), (listed.MyRole, listed.Public));
        Assert.Equal(ChatRoles.Member, (await bob.PostAsync($"/api/v1/rooms/{room.Id}/join").ReadAsync(HypersendJson.Wire.Chat)).MyRole);
    }

    [Fact]
    public async Task Older_clients_find_plain_arrays_and_their_keys()
    {
        var (ana, bob) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bob"));
        var room = await NodeAsync(ana.PostAsync("/api/rooms", """{"name":"Old room"}"""), 201);
        Assert.Equal(((string)room["id"]!, "Old room"), ((string)room["room_id"]!, (string)room["name"]!));
        Assert.Contains((await NodeAsync(bob.GetAsync("/api/rooms"))).AsArray(), one => (string)one!["id"]! == (string)room["id"]!);
        Assert.Equal("Old room", (string)(await NodeAsync(bob.GetAsync($"/api/rooms/{room["id"]}")))["name"]!);

        // Who knows no joining comes in by writing.
        await bob.GetAsync($"/api/messages/{room["id"]}").RefusedAsync(404, ErrorCodes.NotFound);
        foreach (var key in new[] { "content", "message", "text" })
            await NodeAsync(bob.PostAsync($"/api/messages/{room["id"]}", $$"""{"{{key}}":"by {{key}}"}"""), 201);
        var messages = (await NodeAsync(bob.GetAsync($"/api/messages/{room["id"]}/recent?limit=3"))).AsArray();
        Assert.Equal(["by content", "by message", "by text"], messages.Select(one => (string)one!["content"]!));
        Assert.Equal((bob.Username, bob.Id.ToString(), (string)room["id"]!), ((string)messages[0]!["username"]!, (string)messages[0]!["user_id"]!, (string)messages[0]!["room_id"]!));
        Assert.Equal(MessageTypes.System, (string)(await NodeAsync(ana.GetAsync($"/api/messages/{room["id"]}"))).AsArray()[0]!["message_type"]!);
        var first = await NodeAsync(bob.PostAsync($"/api/messages/{room["id"]}", """{"text":"once","client_id":"c"}"""), 201);
        var again = await NodeAsync(bob.PostAsync($"/api/messages/{room["id"]}", """{"text":"once","client_id":"c"}"""), 200);
        Assert.Equal((string?)first["id"], (string?)again["id"]);
        await bob.PostAsync($"/api/messages/{room["id"]}").RefusedAsync(422, ErrorCodes.EmptyMessage);

        var channel = await NodeAsync(ana.PostAsync("/api/chat/channels", """{"name":"Old channel","type":"public","description":"x"}"""), 201);
        var hidden = await NodeAsync(ana.PostAsync("/api/chat/channels", """{"name":"Hidden channel","type":"private"}"""), 201);
        Assert.Equal((false, true), ((bool)channel["is_private"]!, (bool)hidden["is_private"]!));
        Assert.Contains((await NodeAsync(bob.GetAsync("/api/chat/channels")))["channels"]!.AsArray(), one => (string)one!["id"]! == (string)channel["id"]!);
        Assert.Equal(2, (await NodeAsync(ana.GetAsync("/api/chat/channels")))["channels"]!.AsArray().Count(one => (string?)one!["my_role"] == "owner"));
        Assert.Equal("Old channel", (string)(await NodeAsync(bob.GetAsync($"/api/chat/channels/{channel["id"]}")))["name"]!);
        await bob.GetAsync($"/api/chat/channels/{hidden["id"]}").RefusedAsync(404, ErrorCodes.NotFound);
        await ana.GetAsync($"/api/rooms/{channel["id"]}").RefusedAsync(404, ErrorCodes.NotFound);
    }

    private static async Task<IReadOnlyList<Chat>> FindAsync(Person person, string words) =>
        (await person.GetAsync("/api/v1/chats/discover?limit=200&q=" + words).ReadAsync(HypersendJson.Wire.PageOfChats)).Items;

    private static async Task<JsonNode> NodeAsync(Task<HttpResponseMessage> call, int status = 200)
    {
        using var answer = await call.AnsweredAsync(status);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }
}
