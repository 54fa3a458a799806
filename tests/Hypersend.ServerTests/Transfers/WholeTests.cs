using System.Security.Cryptography;
using Hypersend.Sdk.Transfers;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Transfers;

/// <summary>Chunks that are right by themselves and no file together.</summary>
public sealed class WholeTests(App app) : IClassFixture<App>
{
    private const int Last = 10;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_not_the_file_that_the_sender_names_gets_no_name_and_nobody_calls_it_whole(bool changesBetweenTwoLines)
    {
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        var id = await ana.OfferAsync(bela, Transferring.Mebi + Last);
        using var folder = new ScratchFolder();
        var (before, after) = (Transferring.Bytes(Transferring.Mebi + Last), Transferring.Bytes(Transferring.Mebi + Last));
        var taking = bela.Transfers.ReceiveAsync(await bela.Transfers.GetAsync(id), folder.File("film.mkv"), options: new CutLine(app).Options);

        await using (var sender = await app.RelayAsync(ana, "sender", id))
        {
            await sender.NextAsync("need");
            await sender.SendChunkAsync(before, 0);
            await sender.NextAsync("got");
            if (!changesBetweenTwoLines)
                await EndAsync(sender, before, new byte[SHA256.HashSizeInBytes]);
        }

        if (changesBetweenTwoLines)
        {
            await using var sender = await app.RelayAsync(ana, "sender", id);
            await sender.NextAsync("need");
            await EndAsync(sender, after, SHA256.HashData([.. SHA256.HashData(after.AsSpan(0, Transferring.Mebi)), .. SHA256.HashData(after.AsSpan(Transferring.Mebi))]));
        }

        var ended = await Assert.ThrowsAsync<TransferEndedException>(() => taking.WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken));
        Assert.Equal(TransferEndedException.FileChanged, ended.Reason);
        Assert.False(File.Exists(folder.File("film.mkv")));
    }

    [Fact]
    public async Task What_is_done_lies_in_its_place()
    {
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        var id = await ana.OfferAsync(bela, Last);
        using var folder = new ScratchFolder();
        var bytes = Transferring.Bytes(Last);
        await using var sender = await app.RelayAsync(ana, "sender", id);
        var taking = bela.Transfers.ReceiveAsync(await bela.Transfers.GetAsync(id), folder.File("film.mkv"), options: new CutLine(app).Options);
        await sender.NextAsync("need");

        await sender.SendChunkAsync(bytes, 0);
        await sender.SendAsync($$"""{"type":"complete","sha256_root":"{{Transferring.HexOf(SHA256.HashData(bytes))}}"}""");
        await sender.NextAsync("done");

        Assert.Equal(bytes, await File.ReadAllBytesAsync(folder.File("film.mkv"), TestContext.Current.CancellationToken));
        await taking.WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken);
    }

    private static async Task EndAsync(SocketClient sender, byte[] file, byte[] root)
    {
        await sender.SendChunkAsync(file, 1);
        await sender.SendAsync($$"""{"type":"complete","sha256_root":"{{Convert.ToHexStringLower(root)}}"}""");

        // The receiver asks anew, and has said of nothing that would make it done.
        Assert.True((await sender.NextAsync(one => one.Is("done") || one.Is("need"))).Is("need"));
        await sender.SendAsync("""{"type":"cancel"}""");
    }
}
