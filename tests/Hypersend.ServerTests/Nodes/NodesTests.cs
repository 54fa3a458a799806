using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Push;
using Hypersend.Contracts.Users;
using Hypersend.Server.Engines.Redis;
using Hypersend.Server.Platform.RateLimits;
using Hypersend.ServerTests.Fixture;
using Hypersend.ServerTests.Presence;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Nodes;

/// <summary>What happens on one node is seen on the other.</summary>
[Collection(nameof(Alone))]
public sealed class NodesTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    [Fact]
    public async Task A_message_and_who_types_come_at_once_and_without_redis_the_message_comes_all_the_same()
    {
        TwoNodes.AreNeeded();
        var (ana, bela) = (await nodes.One.SignUpAsync("ana"), await nodes.One.SignUpAsync("bela"));
        var (chat, later) = (await nodes.One.GroupAsync(ana, bela), await nodes.One.GroupAsync(ana, bela));
        await using var here = await SocketClient.OpenAsync(nodes.One, ana);
        await here.HelloAsync();
        await using var there = await nodes.OpenThereAsync(bela);
        await there.HelloAsync();

        // Nothing but the bus tells who types: what was said before it and is heard before it did not wait for the poll.
        await SayAndTypeAsync(here, chat, "by the bus");
        await HearsInOrderAsync(there, chat, "by the bus");

        Assert.IsType<RedisRateWindow>(nodes.One.Services.GetRequiredService<IRateWindow>());
        await nodes.Redis.KillAsync();
        await here.SayAsync(chat, "by the poll");
        await there.NextAsync(one => one.Is("message") && (string?)one["message"]!["content"] == "by the poll", "the message");
        var health = await nodes.Other.Anonymous().Server.GetHealthAsync();
        Assert.Equal(("degraded", "unavailable"), (health.Status, health.Services!["bus"]));
        Assert.Equal("healthy", (await nodes.Other.Anonymous().Server.GetReadyAsync()).Status);

        await nodes.Redis.StartAgainAsync();
        await nodes.ConnectedAsync();
        await SayAndTypeAsync(here, later, "by the bus again");
        await HearsInOrderAsync(there, later, "by the bus again");
    }

    [Fact]
    public async Task Who_is_on_another_node_is_online_and_gets_no_push_while_awake_there()
    {
        TwoNodes.AreNeeded();
        var (ana, bela) = (await nodes.One.SignUpAsync("ana"), await nodes.One.SignUpAsync("bela"));
        var mobile = await nodes.One.SignInAsync(bela);
        using var laptop = nodes.Pushes.NewBrowser();
        using var phone = nodes.Pushes.NewBrowser();
        await bela.Client.Push.SubscribeAsync(laptop.Subscription);
        await mobile.Client.Push.SubscribeAsync(phone.Subscription);
        var chat = await ana.DirectAsync(bela);
        await using var watcher = await SocketClient.OpenAsync(nodes.One, ana);
        await watcher.WatchAsync(bela);
        await watcher.HearsAsync(bela, "offline");
        await using var socket = await nodes.OpenThereAsync(bela);
        await socket.HelloAsync();
        await watcher.HearsAsync(bela, "online");
        Assert.Equal(Presences.Online, (await ana.Users.GetAsync(bela.Id)).Presence);

        await ana.SendAsync(chat, "hello");
        var heard = await socket.NextAsync("message");
        await socket.SendAsync($$"""{"type":"delivered","chat_id":"{{chat}}","seq":{{heard["message"]!["seq"]}}}""");
        Assert.Equal("hello", (await phone.NextAsync()).Notice.Body);
        await bela.Client.Push.TestAsync();
        Assert.Equal(PushKinds.Test, (await laptop.NextAsync()).Notice.Kind);

        // It hears the next one and goes without a word: then it has to be told.
        await ana.SendAsync(chat, "are you there?");
        await socket.NextAsync("message");
        await socket.DisposeAsync();
        Assert.Equal("are you there?", (await laptop.NextAsync()).Notice.Body);
    }

    private static async Task SayAndTypeAsync(SocketClient socket, ChatId chat, string text)
    {
        await socket.SayAsync(chat, text);
        await socket.SendAsync($$"""{"type":"typing","chat_id":"{{chat}}","on":true}""");
    }

    private static async Task HearsInOrderAsync(SocketClient socket, ChatId chat, string text)
    {
        var heard = await socket.UntilAsync(one => one.Is("typing") && (string?)one["chat_id"] == chat.ToString(), "who types");
        Assert.Contains(heard, one => one.Is("message") && (string?)one["message"]!["content"] == text);
    }
}
