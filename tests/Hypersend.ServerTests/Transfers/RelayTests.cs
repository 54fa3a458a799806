using System.Net.WebSockets;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Transfers;
using Hypersend.Sdk.Transfers;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Transfers;

/// <summary>Bytes from one side to the other, and everything that goes wrong on the way.</summary>
public sealed class RelayTests(App app) : IClassFixture<App>
{
    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData((3 * 1024 * 1024) + 12_345, true)]
    [InlineData((2 * 1024 * 1024) + 65_536, false)]
    public async Task What_one_side_sends_the_other_has_whoever_came_first(int size, bool senderFirst)
    {
        var (ana, bela, id) = await OfferAsync(size);
        var bytes = Transferring.Bytes(size);
        await using var live = await SocketClient.OpenAsync(app, ana);
        using var target = new MemoryStream();

        var first = senderFirst ? ana.Transfers.SendAsync(id, new MemoryStream(bytes)) : bela.Transfers.ReceiveAsync(id, target);
        var second = senderFirst ? bela.Transfers.ReceiveAsync(id, target) : ana.Transfers.SendAsync(id, new MemoryStream(bytes));
        await Task.WhenAll(first, second).WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken);

        Assert.Equal(bytes, target.ToArray());
        await live.NextAsync("transfer.done");
        var transfer = await bela.Transfers.GetAsync(id);
        Assert.Equal(TransferStates.Done, transfer.State);
        Assert.NotNull(transfer.EndedAt);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_side_that_is_cut_again_and_again_goes_on_where_it_was(bool cutsSender)
    {
        const int size = 6 * Transferring.Mebi;
        var (ana, bela, id) = await OfferAsync(size);
        var bytes = Transferring.Bytes(size);
        using var target = new MemoryStream();
        var line = new CutLine(app, 300_000, 1_700_000, 2_500_000);
        var steady = new CutLine(app);

        await Task.WhenAll(
            ana.Transfers.SendAsync(id, new MemoryStream(bytes), (cutsSender ? line : steady).Options),
            bela.Transfers.ReceiveAsync(id, target, (cutsSender ? steady : line).Options)).WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken);

        Assert.Equal(4, line.Opened);
        Assert.Equal(1, steady.Opened);
        Assert.Equal(bytes, target.ToArray());
    }

    [Fact]
    public async Task Both_sides_are_lost_and_come_back_and_nothing_is_missing()
    {
        const int size = 5 * Transferring.Mebi;
        var (ana, bela, id) = await OfferAsync(size);
        var bytes = Transferring.Bytes(size);
        using var target = new MemoryStream();
        var (mine, theirs) = (new CutLine(app, 1_400_000, 900_000), new CutLine(app, 1_300_000, 1_200_000));

        await Task.WhenAll(
            ana.Transfers.SendAsync(id, new MemoryStream(bytes), mine.Options),
            bela.Transfers.ReceiveAsync(id, target, theirs.Options)).WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken);

        Assert.Equal((3, 3), (mine.Opened, theirs.Opened));
        Assert.Equal(bytes, target.ToArray());
        Assert.Equal(TransferStates.Done, (await ana.Transfers.GetAsync(id)).State);
    }

    [Fact]
    public async Task A_file_that_changes_while_it_is_sent_is_nobody_s()
    {
        const int size = Transferring.Mebi + 10;
        var (ana, bela, id) = await OfferAsync(size);
        using var folder = new ScratchFolder();
        var path = Path.Combine(folder.Path, "film.mkv");
        await File.WriteAllBytesAsync(path, Transferring.Bytes(size), TestContext.Current.CancellationToken);
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        await using var receiver = await app.RelayAsync(bela, "receiver", id);
        var sending = ana.Transfers.SendAsync(id, file, new CutLine(app).Options);
        await receiver.NextAsync("start");
        await receiver.SendAsync("""{"type":"need","ranges":[[0,0]]}""");
        await receiver.NextAsync("complete");

        File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path).AddSeconds(7));
        await receiver.SendAsync("""{"type":"need","ranges":[[1,1]]}""");

        await receiver.NextAsync("cancel");
        Assert.Equal(1000, (await receiver.Closed).Code);
        Assert.Contains("changed", (await Assert.ThrowsAsync<TransferEndedException>(() => sending)).Reason, StringComparison.Ordinal);
        Assert.Equal(TransferStates.Cancelled, (await ana.Transfers.GetAsync(id)).State);
    }

    [Fact]
    public async Task The_two_hear_what_the_contract_says_and_start_again_when_one_comes_back()
    {
        var (ana, bela, id) = await OfferAsync(10);
        var bytes = Transferring.Bytes(10);
        await using var sender = await app.RelayAsync(ana, "sender", id);
        var metadata = await sender.NextAsync("metadata");
        Assert.Equal(("film.mkv", 10, 1), ((string?)metadata["filename"], (int)metadata["size"]!, (int)metadata["total_chunks"]!));
        await using (var gone = await app.RelayAsync(bela, "receiver", id))
        {
            await gone.NextAsync("start");
            await sender.NextAsync("start");
            Assert.Equal(TransferStates.Accepted, (await ana.Transfers.GetAsync(id)).State);
            gone.Drop();
        }

        await sender.NextAsync("peer_left");
        var raw = await RawReceiverAsync(bela, id);
        await sender.NextAsync("start");
        await raw.SayAsync("""{"type":"need","ranges":[[0,0]]}""");
        Assert.Equal("""{"type":"need","ranges":[[0,0]]}""", (await sender.NextAsync("need")).ToJsonString());
        await sender.SendAsync(Transferring.Frame(0, 0, bytes), WebSocketMessageType.Binary);
        await sender.SendAsync($$"""{"type":"chunk","index":0,"sha256":"{{Transferring.HexOf(bytes)}}"}""");
        await sender.SendAsync($$"""{"type":"complete","sha256_root":"{{Transferring.HexOf(bytes)}}"}""");
        Assert.Equal(["metadata", "start", "bytes", "chunk", "complete"], await raw.TakeAsync(5));
        await raw.SayAsync("""{"type":"got","chunk":0}""");

        await sender.NextAsync("got");
        await sender.NextAsync("done");
        Assert.Equal(["done", "close 1000"], await raw.TakeAsync(2));
        Assert.Equal(1000, (await sender.Closed).Code);
    }

    [Fact]
    public async Task Who_has_no_token_is_no_party_or_names_nothing_is_told_so_by_a_code()
    {
        var (ana, bela, id) = await OfferAsync(10);
        var cora = await app.SignUpAsync("cora");
        var nothing = new TransferId(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));

        await using var wrong = await SocketClient.ConnectAsync(app, $"/api/v1/p2p/sender/{id}?token=nonsense");
        Assert.Equal(RelayWords.NotAuthenticated, (await wrong.Closed).Code);
        await using var silent = await SocketClient.ConnectAsync(app, $"/api/v1/p2p/receiver/{id}");
        await silent.SendAsync("""{"type":"hello"}""");
        Assert.Equal(RelayWords.NotAuthenticated, (await silent.Closed).Code);
        await using var third = await app.RelayAsync(cora, "receiver", id);
        Assert.Equal(RelayWords.NotAParty, (await third.Closed).Code);
        await using var swapped = await app.RelayAsync(ana, "receiver", id);
        Assert.Equal(RelayWords.NotAParty, (await swapped.Closed).Code);
        await using var unknown = await app.RelayAsync(ana, "sender", nothing);
        Assert.Equal(RelayWords.Unknown, (await unknown.Closed).Code);
        await using var byFrame = await SocketClient.ConnectAsync(app, $"/api/v1/p2p/receiver/{id}");
        await byFrame.SendAsync($$"""{"type":"auth","token":"{{bela.AccessToken}}"}""");
        await byFrame.NextAsync("metadata");
    }

    [Theory]
    [InlineData("sender", """{"type":"need","ranges":[]}""")]
    [InlineData("sender", """{"type":"chunk","index":7,"sha256":"00"}""")]
    [InlineData("sender", "not json")]
    [InlineData("receiver", """{"type":"need","ranges":[[0,9]]}""")]
    [InlineData("receiver", """{"type":"need","ranges":[[1]]}""")]
    [InlineData("receiver", """{"type":"need","ranges":[[0,0],[0,0]]}""")]
    [InlineData("receiver", """{"type":"got","chunk":-1}""")]
    [InlineData("receiver", """{"type":"complete","sha256_root":"00"}""")]
    [InlineData("receiver", "[]")]
    public async Task A_frame_against_the_rules_closes_only_who_sent_it(string side, string frame)
    {
        var (ana, bela, id) = await OfferAsync(10);
        await using var sender = await app.RelayAsync(ana, "sender", id);
        await using var receiver = await app.RelayAsync(bela, "receiver", id);
        await sender.NextAsync("start");
        var (guilty, other) = side == "sender" ? (sender, receiver) : (receiver, sender);

        await guilty.SendAsync(frame);

        await guilty.NextAsync("error");
        Assert.Equal(RelayWords.WrongFrame, (await guilty.Closed).Code);
        await other.NextAsync("peer_left");
    }

    [Fact]
    public async Task Bytes_beyond_their_chunk_or_from_the_receiver_are_refused()
    {
        var (ana, bela, id) = await OfferAsync(10);
        foreach (var frame in new[] { Transferring.Frame(1, 0, [1]), Transferring.Frame(0, 65_536, [1]), Transferring.Frame(0, 0, new byte[11]), Transferring.Frame(-1, 0, [1]), new byte[12] })
        {
            await using var sender = await app.RelayAsync(ana, "sender", id);
            await sender.NextAsync("metadata");
            await sender.SendAsync(frame, WebSocketMessageType.Binary);
            Assert.Equal(RelayWords.WrongFrame, (await sender.Closed).Code);
        }

        await using var receiver = await app.RelayAsync(bela, "receiver", id);
        await receiver.SendAsync(Transferring.Frame(0, 0, [1]), WebSocketMessageType.Binary);
        Assert.Equal(RelayWords.WrongFrame, (await receiver.Closed).Code);
    }

    [Fact]
    public async Task Of_two_receivers_the_later_one_stays()
    {
        var (_, bela, id) = await OfferAsync(10);
        await using var first = await app.RelayAsync(bela, "receiver", id);
        await first.NextAsync("metadata");
        await using var second = await app.RelayAsync(bela, "receiver", id);
        await second.NextAsync("metadata");

        Assert.Equal(RelayWords.Replaced, (await first.Closed).Code);
    }

    [Theory]
    [InlineData("socket")]
    [InlineData("call")]
    public async Task A_cancel_ends_both_sides(string way)
    {
        var (ana, bela, id) = await OfferAsync(10);
        await using var sender = await app.RelayAsync(ana, "sender", id);
        await using var receiver = await app.RelayAsync(bela, "receiver", id);
        await using var live = await SocketClient.OpenAsync(app, ana);
        await sender.NextAsync("start");

        if (way == "socket")
            await receiver.SendAsync("""{"type":"cancel"}""");
        else
            await bela.Transfers.CancelAsync(id);

        await sender.NextAsync("cancel");
        Assert.Equal((1000, 1000), ((await sender.Closed).Code, (await receiver.Closed).Code));
        Assert.Equal("cancelled", (string?)(await live.NextAsync("transfer.failed"))["transfer"]!["state"]);
        var ended = await Assert.ThrowsAsync<TransferEndedException>(() => ana.Transfers.SendAsync(id, new MemoryStream(new byte[10])));
        Assert.Equal("transfer_ended", ended.Reason);
    }

    [Fact]
    [OneNode("the sockets of the proxy hold some megabytes more")]
    public async Task Nothing_is_read_from_a_sender_whose_receiver_does_not_read()
    {
        const int size = 64 * Transferring.Mebi;
        var (ana, bela, id) = await OfferAsync(size);
        await using var sender = await app.RelayAsync(ana, "sender", id);
        await using var receiver = await SocketClient.ConnectAsync(
            app, $"/api/v1/p2p/receiver/{id}", ["hypersend.v1", "bearer." + bela.AccessToken], reads: false);
        await sender.NextAsync("start");
        var payload = new byte[RelayHead.Step];
        var sent = 0L;
        using var stop = new CancellationTokenSource();
        var sending = Task.Run(async () =>
        {
            for (var at = 0L; at < size && !stop.IsCancellationRequested; at += payload.Length)
            {
                await sender.SendAsync(Transferring.Frame(at / Transferring.Mebi, at % Transferring.Mebi, payload), WebSocketMessageType.Binary);
                Interlocked.Exchange(ref sent, at);
            }
        });

        // From the first frame on, until it does not move for half a second: what fits into the relay and into the two
        // connections' own buffers.
        var before = -1L;
        for (var now = 0L; now == 0 || now != before; now = Interlocked.Read(ref sent))
        {
            before = now;
            await Task.Delay(500, TestContext.Current.CancellationToken);
        }

        Assert.False(sending.IsCompleted);
        Assert.InRange(Interlocked.Read(ref sent), 1, 40 * Transferring.Mebi);
        await stop.CancelAsync();
        sender.Drop();
        receiver.Drop();
        await sending.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Fact]
    public async Task A_receiver_that_stood_still_goes_on_and_has_every_byte()
    {
        const int size = 12 * Transferring.Mebi;
        var (ana, bela, id) = await OfferAsync(size);
        var bytes = Transferring.Bytes(size);
        await using var target = new StandingStream();
        var sending = ana.Transfers.SendAsync(id, new MemoryStream(bytes), new CutLine(app).Options);
        var receiving = bela.Transfers.ReceiveAsync(id, target, new CutLine(app).Options);
        await target.Stands.WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken);

        // It has taken one frame, and holds the next: the last chunks cannot have been got.
        Assert.Equal(TransferStates.Accepted, (await ana.Transfers.GetAsync(id)).State);
        target.Go();

        await Task.WhenAll(sending, receiving).WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken);
        Assert.Equal(bytes, target.ToArray());
        Assert.Equal(TransferStates.Done, (await ana.Transfers.GetAsync(id)).State);
    }

    [Fact]
    public async Task A_side_goes_with_its_session()
    {
        var (ana, _, id) = await OfferAsync(10);
        await using var sender = await app.RelayAsync(ana, "sender", id);
        await sender.NextAsync("metadata");

        await ana.Accounts.LogoutAsync();

        Assert.Equal(RelayWords.NotAuthenticated, (await sender.Closed).Code);
    }

    private async Task<(Person Sender, Person Receiver, TransferId Id)> OfferAsync(int size)
    {
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        return (ana, bela, await ana.OfferAsync(bela, size));
    }

    private async Task<RawReceiver> RawReceiverAsync(Person person, TransferId id)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("hypersend.v1");
        socket.Options.AddSubProtocol("bearer." + person.AccessToken);
        await socket.ConnectAsync(new UriBuilder(app.Address) { Scheme = "ws", Path = $"/api/v1/p2p/receiver/{id}" }.Uri, TestContext.Current.CancellationToken);
        return new RawReceiver(socket);
    }

    /// <summary>Names the frames as they come, bytes among them.</summary>
    private sealed class RawReceiver(ClientWebSocket socket)
    {
        public Task SayAsync(string text) => socket.SendAsync(System.Text.Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);

        public async Task<IReadOnlyList<string>> TakeAsync(int count)
        {
            var taken = new List<string>();
            var buffer = new byte[RelayHead.Length + RelayHead.Step];
            while (taken.Count < count)
            {
                var part = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
                taken.Add(part.MessageType switch
                {
                    WebSocketMessageType.Binary => "bytes",
                    WebSocketMessageType.Close => $"close {(int)part.CloseStatus!}",
                    _ => (string)System.Text.Json.Nodes.JsonNode.Parse(buffer.AsSpan(0, part.Count))!["type"]!,
                });
            }

            return taken;
        }
    }

    /// <summary>Takes one piece, and the next one only when it is told to.</summary>
    private sealed class StandingStream : MemoryStream
    {
        private readonly TaskCompletionSource _stands = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _goes = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _taken;

        public Task Stands => _stands.Task;

        public void Go() => _goes.SetResult();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (++_taken > 1)
            {
                _stands.TrySetResult();
                await _goes.Task.WaitAsync(cancellationToken);
            }

            await base.WriteAsync(buffer, cancellationToken);
        }
    }
}
