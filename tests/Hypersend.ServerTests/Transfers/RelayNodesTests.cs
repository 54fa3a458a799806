using System.Net;
using System.Net.WebSockets;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Transfers;
using Hypersend.Server.Features.Transfers;
using Hypersend.Server.Platform.Secrets;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Transfers;

/// <summary>Two nodes on one database, each reached by one side of a transfer.</summary>
public sealed class RelayNodesTests(NodePair nodes) : IClassFixture<NodePair>
{
    [Fact]
    public async Task The_side_that_comes_later_is_led_to_the_node_of_the_first()
    {
        NodePair.SkipOnOne();
        const int size = (8 * Transferring.Mebi) + 77;
        var bytes = Transferring.Bytes(size);
        foreach (var senderFirst in new[] { true, false })
        {
            var id = await nodes.OfferAsync(size);
            using var target = new MemoryStream();
            var (toFirst, toSecond) = (nodes.ToFirst.Passed, nodes.ToSecond.Passed);
            await using var early = await (senderFirst ? nodes.First.RelayAsync(nodes.Ana, "sender", id) : nodes.Second.RelayAsync(nodes.Bela, "receiver", id));
            await early.NextAsync("metadata");

            await Task.WhenAll(nodes.Ana.Transfers.SendAsync(id, new MemoryStream(bytes)), nodes.Bela.Transfers.ReceiveAsync(id, target))
                .WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken);

            Assert.Equal(bytes, target.ToArray());
            Assert.Equal(RelayWords.Replaced, (await early.Closed).Code);
            Assert.Equal(senderFirst ? (1, 0) : (0, 1), (nodes.ToFirst.Passed - toFirst, nodes.ToSecond.Passed - toSecond));
            Assert.Equal(TransferStates.Done, (await nodes.Bela.Transfers.GetAsync(id)).State);
        }
    }

    [Fact]
    public async Task What_one_side_is_told_of_the_other_is_the_same_from_node_to_node()
    {
        NodePair.SkipOnOne();
        var id = await nodes.OfferAsync(10);
        await using var sender = await nodes.First.RelayAsync(nodes.Ana, "sender", id);
        await sender.NextAsync("metadata");
        await using (var receiver = await nodes.Second.RelayAsync(nodes.Bela, "receiver", id))
        {
            Assert.Equal("receiver", (string?)(await receiver.NextAsync("metadata"))["role"]);
            await sender.NextAsync("start");
            receiver.Drop();
        }

        await sender.NextAsync("peer_left");
        await using (var wrong = await nodes.Second.RelayAsync(nodes.Bela, "receiver", id))
        {
            await sender.NextAsync("start");
            await wrong.SendAsync("""{"type":"nonsense"}""");
            await wrong.NextAsync("error");
            Assert.Equal(RelayWords.WrongFrame, (await wrong.Closed).Code);
        }

        await using var last = await nodes.Second.RelayAsync(nodes.Bela, "receiver", id);
        await last.NextAsync("start");
        await nodes.Bela.Transfers.CancelAsync(id);
        await nodes.First.Services.GetRequiredService<Relays>().CheckAsync(TestContext.Current.CancellationToken);
        await last.NextAsync("cancel");
        Assert.Equal((1000, 1000), ((await last.Closed).Code, (await sender.Closed).Code));
    }

    [Fact]
    public async Task Nothing_is_read_from_a_sender_whose_receiver_at_another_node_does_not_read()
    {
        NodePair.SkipOnOne();
        const long size = 256L * Transferring.Mebi;
        var id = await nodes.OfferAsync(size);
        await using var sender = await nodes.First.RelayAsync(nodes.Ana, "sender", id);
        await sender.NextAsync("metadata");
        await using var receiver = await SocketClient.ConnectAsync(
            nodes.Second, $"/api/v1/p2p/receiver/{id}", ["hypersend.v1", "bearer." + nodes.Bela.AccessToken], reads: false);
        await sender.NextAsync("start");
        var sent = 0L;
        var sending = Task.Run(async () =>
        {
            var payload = new byte[RelayHead.Step];
            for (var at = 0L; at < size; at += payload.Length)
            {
                await sender.SendAsync(Transferring.Frame(at / Transferring.Mebi, at % Transferring.Mebi, payload), WebSocketMessageType.Binary);
                Interlocked.Exchange(ref sent, at);
            }
        });

        // Until it does not move: what fits into both nodes and into the buffers of the connections on the way.
        var before = -1L;
        for (var now = 0L; now != before; now = Interlocked.Read(ref sent))
        {
            before = now;
            await Task.Delay(400, TestContext.Current.CancellationToken);
        }

        Assert.False(sending.IsCompleted);
        Assert.InRange(before, 0, 100 * Transferring.Mebi);
        sender.Drop();
        receiver.Drop();
        await sending.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Fact]
    public async Task A_node_that_cannot_be_reached_any_more_loses_the_relay_and_both_go_on_at_the_other()
    {
        NodePair.SkipOnOne();
        const int size = 6 * Transferring.Mebi;
        var bytes = Transferring.Bytes(size);
        using var target = new MemoryStream();
        var id = await nodes.OfferAsync(size);
        await TakeFirstAsync(id);
        var (mine, theirs) = (new CutLine(nodes.First), new CutLine(nodes.Second));
        var led = nodes.ToSecond.Passed;

        // With the first chunk, before the relay hears that it was got.
        var receiving = nodes.Bela.Transfers.ReceiveAsync(id, target, theirs.Options with { Progress = new Meter(nodes.ToFirst.Shut) });
        var both = Task.WhenAll(receiving, nodes.Ana.Transfers.SendAsync(id, new MemoryStream(bytes), mine.Options));

        // The first node lives, and finds out that it has lost the relay.
        var relays = nodes.First.Services.GetRequiredService<Relays>();
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!both.IsCompleted)
        {
            await relays.CheckAsync(late.Token);
            await Task.WhenAny(both, Task.Delay(20, late.Token));
        }

        await both;
        Assert.Equal(bytes, target.ToArray());
        Assert.InRange(mine.Opened, 2, int.MaxValue);
        Assert.InRange(theirs.Opened, 2, int.MaxValue);
        Assert.InRange(nodes.ToSecond.Passed - led, 1, int.MaxValue);
        await nodes.ToFirst.OpenAgainAsync();
    }

    [Fact]
    public async Task A_node_that_stops_sends_both_away_and_the_other_takes_the_relay_over()
    {
        NodePair.SkipOnOne();
        const int size = 4 * Transferring.Mebi;
        var bytes = Transferring.Bytes(size);
        using var target = new MemoryStream();
        var id = await nodes.OfferAsync(size);
        await TakeFirstAsync(id);
        using var source = new HeldStream(bytes, size / 2);

        // As behind a balancer: who loses a connection comes back at the node that is left.
        var opened = 0;
        var mine = new CutLine(nodes.First).Options with
        {
            Connect = (address, cancellation) => RelayLines.OpenAsync(opened++ == 0 ? nodes.First : nodes.Second, address, cancellation),
        };
        var receiving = nodes.Bela.Transfers.ReceiveAsync(id, target, new CutLine(nodes.Second).Options);
        var sending = nodes.Ana.Transfers.SendAsync(id, source, mine);
        await source.Reached.WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken);
        var stopping = nodes.First.StopAsync();
        source.GoOn();

        await Task.WhenAll(sending, receiving, stopping).WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken);
        Assert.Equal(bytes, target.ToArray());
        await nodes.First.StartAgainAsync();
        Assert.Equal(TransferStates.Done, (await nodes.Bela.Transfers.GetAsync(id)).State);
    }

    [Fact]
    public async Task What_is_no_node_finds_nothing_there()
    {
        NodePair.SkipOnOne();
        var (id, other) = (await nodes.OfferAsync(10), await nodes.OfferAsync(10));
        var session = (await nodes.Bela.Accounts.ListSessionsAsync()).Items[0].Id;
        var passes = nodes.Second.Services.GetRequiredService<NodePasses>();
        var options = nodes.Second.Services.GetRequiredService<TransferOptions>();
        var good = passes.Make(nodes.ToFirst.Url, id, RelayRole.Receiver, session);
        using var folder = new ScratchFolder();
        var stranger = new NodePasses(KeyRing.Load(null, null, folder.Path), options, TimeProvider.System);
        var late = new NodePasses(
            nodes.Second.Services.GetRequiredService<KeyRing>(), options, new ManualClock(TimeProvider.System.GetUtcNow().AddMinutes(-5)));
        string?[] bad =
        [
            null, "nonsense", "..", good + "A", good[..^1],
            stranger.Make(nodes.ToFirst.Url, id, RelayRole.Receiver, session),
            late.Make(nodes.ToFirst.Url, id, RelayRole.Receiver, session),
            passes.Make(nodes.ToFirst.Url, id, RelayRole.Sender, session),
            passes.Make(nodes.ToFirst.Url, other, RelayRole.Receiver, session),
            passes.Make(nodes.ToSecond.Url, id, RelayRole.Receiver, session),
        ];

        foreach (var pass in bad)
            Assert.Equal(HttpStatusCode.NotFound, await KnockAsync(id, pass));
        Assert.Equal(HttpStatusCode.SwitchingProtocols, await KnockAsync(id, good));
    }

    /// <summary>The relay is at the first node from now on.</summary>
    private async Task TakeFirstAsync(TransferId id)
    {
        await using var sender = await nodes.First.RelayAsync(nodes.Ana, "sender", id);
        await sender.NextAsync("metadata");
    }

    private async Task<HttpStatusCode> KnockAsync(TransferId id, string? pass)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(nodes.First.Address, $"/api/v1/p2p/nodes/receiver/{id}"));
        request.Headers.Add("Connection", "Upgrade");
        request.Headers.Add("Upgrade", "websocket");
        request.Headers.Add("Sec-WebSocket-Version", "13");
        request.Headers.Add("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==");
        if (pass is not null)
            request.Headers.Add(NodePasses.Header, pass);
        using var answer = await nodes.First.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private sealed class Meter(Action told) : IProgress<long>
    {
        public void Report(long value) => told();
    }

    /// <summary>Gives no more than a part until it may.</summary>
    private sealed class HeldStream(byte[] bytes, long part) : MemoryStream(bytes)
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _goesOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        public void GoOn() => _goesOn.TrySetResult();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position >= part)
            {
                _reached.TrySetResult();
                await _goesOn.Task.WaitAsync(cancellationToken);
            }

            return await base.ReadAsync(buffer, cancellationToken);
        }
    }
}
