using System.Net.WebSockets;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Transfers;
using Hypersend.Sdk.Realtime;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Transfers;

/// <summary>Bytes that the relay cannot read, and what becomes of those that were changed on the way.</summary>
public sealed class SealTests(App app) : IClassFixture<App>
{
    private const int Size = (2 * Transferring.Mebi) + 12_345;

    private static readonly LiveOptions Quiet = new() { ReportsArrivals = false };

    [Fact]
    public async Task What_two_who_can_seal_send_each_other_nobody_in_between_reads()
    {
        var (ana, bela, id) = await OfferAsync();
        var (bytes, target) = (Transferring.Bytes(Size), new MemoryStream());
        var (mine, theirs) = (new Heard(), new Heard());
        var line = new TouchedLine(app);
        var cut = new CutLine(app, 1_500_000);

        await Task.WhenAll(
            ana.Transfers.SendAsync(id, new MemoryStream(bytes), cut.Options with { Live = await ana.LiveAsync(Quiet), Fingerprint = mine, MustSeal = true }),
            bela.Transfers.ReceiveAsync(id, target, line.Options with { Live = await bela.LiveAsync(Quiet), Fingerprint = theirs, KeyWithin = Long })).WaitAsync(Long, Cancellation);

        Assert.Equal(bytes, target.ToArray());
        Assert.NotEmpty(line.Frames);
        Assert.All(line.Frames, frame =>
        {
            var head = RelayHead.Read(frame);
            var plain = bytes.AsSpan((int)((head.Chunk * Transferring.Mebi) + head.Offset));
            Assert.Equal(-1, frame.AsSpan().IndexOf(plain[..Math.Min(16, plain.Length)]));
        });
        Assert.Equal(47, Assert.Single(mine.Values.Distinct()).Length);
        Assert.Equal(mine.Values.Distinct(), theirs.Values.Distinct());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task With_one_who_cannot_seal_it_goes_as_it_always_did(bool senderCan)
    {
        var (ana, bela, id) = await OfferAsync();
        var (bytes, target) = (Transferring.Bytes(Size), new MemoryStream());
        var (plain, able) = (new CutLine(app).Options, new CutLine(app).Options with { Live = await (senderCan ? ana : bela).LiveAsync(Quiet), KeyWithin = TimeSpan.FromMilliseconds(20) });

        await Task.WhenAll(
            ana.Transfers.SendAsync(id, new MemoryStream(bytes), senderCan ? able : plain),
            bela.Transfers.ReceiveAsync(id, target, senderCan ? plain : able)).WaitAsync(Long, Cancellation);

        Assert.Equal(bytes, target.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_had_a_part_of_it_as_it_is_hears_of_no_fingerprint(bool receiver)
    {
        var (ana, bela, id) = await OfferAsync();
        var (bytes, target, heard) = (Transferring.Bytes(Size), new MemoryStream(), new Heard());
        var (mine, theirs) = (new CutLine(app).Options with { Live = await ana.LiveAsync(Quiet) }, new CutLine(app).Options with { Live = await bela.LiveAsync(Quiet) });
        if (receiver)
        {
            theirs = theirs with { Fingerprint = heard, KeyWithin = TimeSpan.FromMilliseconds(20) };
            var receiving = bela.Transfers.ReceiveAsync(id, target, theirs);
            await using (var sender = await app.RelayAsync(ana, "sender", id))
            {
                await sender.NextAsync("need");
                await sender.SendChunkAsync(bytes, 0);
                await sender.NextAsync("got");
            }

            await Task.WhenAll(ana.Transfers.SendAsync(id, new MemoryStream(bytes), mine with { MustSeal = true }), receiving).WaitAsync(Long, Cancellation);
        }
        else
        {
            var sending = ana.Transfers.SendAsync(id, new MemoryStream(bytes), mine with { Fingerprint = heard });
            await using (var other = await app.RelayAsync(bela, "receiver", id))
            {
                await other.NextAsync("start");
                await other.SendAsync("""{"type":"need","ranges":[[0,0]]}""");
                await other.NextAsync("complete");
            }

            await Task.WhenAll(sending, bela.Transfers.ReceiveAsync(id, target, theirs with { MustSeal = true })).WaitAsync(Long, Cancellation);
        }

        Assert.Equal(bytes, target.ToArray());
        Assert.Empty(heard.Values);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_chunk_that_was_changed_on_the_way_is_refused_and_asked_for_again(bool isSealed)
    {
        var (ana, bela, id) = await OfferAsync();
        var (bytes, target) = (Transferring.Bytes(Size), new MemoryStream());
        var line = new TouchedLine(app, spoiled: [3, 20]);

        await Task.WhenAll(
            ana.Transfers.SendAsync(id, new MemoryStream(bytes), new CutLine(app).Options with { Live = isSealed ? await ana.LiveAsync(Quiet) : null }),
            bela.Transfers.ReceiveAsync(id, target, line.Options with { Live = isSealed ? await bela.LiveAsync(Quiet) : null, MustSeal = isSealed })).WaitAsync(Long, Cancellation);

        Assert.Equal(bytes, target.ToArray());
        Assert.Contains(line.Frames, frame => line.Frames.Count(other => RelayHead.Read(other) == RelayHead.Read(frame)) > 1);
    }

    [Fact]
    public async Task The_relay_lets_a_seal_pass_where_one_was_asked_for_and_nothing_longer()
    {
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        var id = await ana.OfferAsync(bela, 10);
        await using var sender = await app.RelayAsync(ana, "sender", id);
        await using var receiver = await app.RelayAsync(bela, "receiver", id);
        Assert.Equal(1, (int)(await sender.NextAsync("metadata"))["seal"]!);
        await sender.NextAsync("start");
        await receiver.SendAsync("""{"type":"need","ranges":[[0,0]],"seal":"0011223344556677"}""");
        Assert.Equal("0011223344556677", (string?)(await sender.NextAsync("need"))["seal"]);

        await sender.SendAsync(Transferring.Frame(0, 0, new byte[10 + RelayHead.SealLength]), WebSocketMessageType.Binary);
        await sender.SendAsync($$"""{"type":"chunk","index":0,"sha256":"{{new string('0', 64)}}"}""");
        await receiver.NextAsync("chunk");
        await sender.SendAsync(Transferring.Frame(0, 0, new byte[11 + RelayHead.SealLength]), WebSocketMessageType.Binary);
        Assert.Equal(RelayWords.WrongFrame, (await sender.Closed).Code);
    }

    private static TimeSpan Long => TimeSpan.FromSeconds(90);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private async Task<(Person Sender, Person Receiver, TransferId Id)> OfferAsync()
    {
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        return (ana, bela, await ana.OfferAsync(bela, Size));
    }

    /// <summary>Keeps what it is told, in the thread that tells it.</summary>
    private sealed class Heard : IProgress<string>
    {
        private readonly Lock _gate = new();
        private readonly List<string> _values = [];

        public IReadOnlyList<string> Values
        {
            get
            {
                lock (_gate)
                    return [.. _values];
            }
        }

        public void Report(string value)
        {
            lock (_gate)
                _values.Add(value);
        }
    }
}
