using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Transfers;
using Hypersend.Sdk.Transfers;
using Hypersend.Server.Features.Transfers;
using Hypersend.ServerTests.Fixture;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Transfers;

/// <summary>What each side knows of the end when its line is lost, when another node ends it, and when a disk takes nothing.</summary>
public sealed class EndTests(App app) : IClassFixture<App>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_loses_the_line_with_the_word_that_it_is_done_is_done(bool sender)
    {
        const int size = Transferring.Mebi + 10;
        var (ana, bela, id) = await OfferAsync(size);
        var bytes = Transferring.Bytes(size);
        using var target = new MemoryStream();
        var (lost, steady) = (new WordLostLine(app, "done").Options, new CutLine(app).Options);

        await Task.WhenAll(
            ana.Transfers.SendAsync(id, new MemoryStream(bytes), sender ? lost : steady),
            bela.Transfers.ReceiveAsync(id, target, sender ? steady : lost)).WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken);

        Assert.Equal(bytes, target.ToArray());
    }

    [Fact]
    public async Task A_place_that_takes_nothing_ends_it_and_is_named()
    {
        var (ana, bela, id) = await OfferAsync(10);
        var sending = ana.Transfers.SendAsync(id, new MemoryStream(new byte[10]), new CutLine(app).Options);

        var receiving = bela.Transfers.ReceiveAsync(id, new FullStream(), new CutLine(app).Options).WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken);

        Assert.Equal("No room.", (await Assert.ThrowsAsync<IOException>(() => receiving)).Message);
        Assert.Equal(TransferStates.Accepted, (await ana.Transfers.GetAsync(id)).State);
        await bela.Transfers.CancelAsync(id);
        await Assert.ThrowsAsync<TransferEndedException>(() => sending);
    }

    [Theory]
    [OneNode("the relay has to be at the node that looks")]
    [InlineData(TransferStates.Done, RelayWords.Done)]
    [InlineData(TransferStates.Rejected, RelayWords.Cancel)]
    public async Task Of_what_ended_elsewhere_both_hear_how(string state, string word)
    {
        var (ana, bela, id) = await OfferAsync(10);
        await using var sender = await app.RelayAsync(ana, "sender", id);
        await using var receiver = await app.RelayAsync(bela, "receiver", id);
        await sender.NextAsync("start");

        // What another node does, or this one in the moment before it tells its own.
        var store = app.Services.GetRequiredService<ITransferStore>();
        Assert.True(await store.MoveAsync(id, TransferStates.Accepted, state, TimeProvider.System.GetUtcNow(), TestContext.Current.CancellationToken));
        await app.Services.GetRequiredService<Relays>().CheckAsync(TestContext.Current.CancellationToken);

        await sender.NextAsync(word);
        await receiver.NextAsync(word);
        Assert.Equal((1000, 1000), ((await sender.Closed).Code, (await receiver.Closed).Code));
    }

    private async Task<(Person Sender, Person Receiver, TransferId Id)> OfferAsync(int size)
    {
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        return (ana, bela, await ana.OfferAsync(bela, size));
    }

    private sealed class FullStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("No room.");
    }
}
