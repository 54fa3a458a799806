using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Transfers;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Transfers;

/// <summary>Transfers that become stored files in the middle, and ends that the receiver says.</summary>
public sealed class StoredTransferTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task What_the_receiver_lacks_comes_by_the_stored_file_and_nothing_of_it_stays()
    {
        var (ana, bela, id) = await OfferAsync((2 * Transferring.Mebi) + 100);
        var bytes = Transferring.Bytes((2 * Transferring.Mebi) + 100);
        await using var theirs = await SocketClient.OpenAsync(app, bela);

        var upload = await ana.Transfers.StoreAsync(id);
        var told = (await theirs.NextAsync("transfer.stored"))["transfer"]!;
        Assert.Equal((upload.FileId.ToString(), TransferStates.Offered), ((string?)told["file_id"], (string?)told["state"]));
        Assert.Equal((Transferring.Mebi, 3, 0), (upload.ChunkSize, upload.TotalChunks, upload.Received.Count));

        // Chunk 0 came by another way; the last two are what is missing.
        var waiting = Task.Run(() => FetchAsync(bela, upload.FileId, Transferring.Mebi));
        foreach (var chunk in new[] { 2, 1 })
            await ana.Files.SendChunkAsync(upload.UploadId, chunk, Part(bytes, chunk), uploadToken: upload.UploadToken);
        Assert.Equal(bytes[Transferring.Mebi..], await waiting.WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken));
        Assert.Equal([null, Transferring.HexOf(Part(bytes, 1).Span), Transferring.HexOf(Part(bytes, 2).Span)], (await bela.Files.GetDigestsAsync(upload.FileId)).Sha256);

        var done = await bela.Transfers.FinishAsync(id);
        Assert.Equal((TransferStates.Done, null), (done.State, (await ana.Transfers.GetAsync(id)).FileId));
        Assert.Equal(done.State, (await bela.Transfers.FinishAsync(id)).State);
        await theirs.NextAsync("transfer.done");
        Assert.Equal(ErrorCodes.NotFound, await ana.Files.SendChunkAsync(upload.UploadId, 0, Part(bytes, 0)).CodeAsync());
        Assert.Equal(ErrorCodes.FileGone, await FetchAsync(bela, upload.FileId, 0).CodeAsync());
        Assert.Equal((0L, 0), ((await ana.Files.GetUsageAsync()).UsedBytes, (await ana.Files.GetUsageAsync()).Files));
    }

    [Fact]
    public async Task Said_again_it_is_the_same_upload_and_after_that_has_ended_another_one()
    {
        var (ana, _, id) = await OfferAsync(10);
        var first = await ana.Transfers.StoreAsync(id);
        await ana.Files.SendChunkAsync(first.UploadId, 0, new byte[10]);
        var again = await ana.Transfers.StoreAsync(id, new StoreTransferRequest { Retention = new Retention { Mode = RetentionModes.Keep } });
        Assert.Equal((first.FileId, 1), (again.FileId, again.Received.Count));
        Assert.NotEmpty(again.UploadToken);

        await ana.Files.DeleteAsync(first.FileId);
        Assert.Null((await ana.Transfers.GetAsync(id)).FileId);
        var next = await ana.Transfers.StoreAsync(id);
        Assert.NotEqual(first.FileId, next.FileId);
        Assert.Equal(next.FileId, (await ana.Transfers.GetAsync(id)).FileId);
    }

    [Fact]
    public async Task A_whole_file_that_is_to_stay_stays_and_is_its_receivers_too()
    {
        var (ana, bela, id) = await OfferAsync(10);
        var (cora, bytes) = (await app.SignUpAsync("cora"), Transferring.Bytes(10));
        var upload = await ana.Transfers.StoreAsync(id, new StoreTransferRequest { Retention = new Retention { Mode = RetentionModes.Keep } });
        await ana.Files.SendChunkAsync(upload.UploadId, 0, bytes);
        var completed = await ana.Files.CompleteAsync(upload.UploadId);

        Assert.Equal(ErrorCodes.ChecksumMismatch, await bela.Transfers.FinishAsync(id, new string('0', 64)).CodeAsync());
        Assert.Equal(TransferStates.Done, (await bela.Transfers.FinishAsync(id, completed.Sha256Root)).State);
        Assert.Equal(bytes, await FetchAsync(bela, upload.FileId, 0));
        Assert.Equal(bela.Id, Assert.Single((await ana.Files.ListDeliveriesAsync(upload.FileId)).Items, one => one.Verified).User.Id);
        Assert.Equal(ErrorCodes.NotFound, await FetchAsync(cora, upload.FileId, 0).CodeAsync());

        // What is here already needs not to be sent again.
        var next = await ana.OfferAsync(bela, 10);
        var known = await ana.Transfers.StoreAsync(next, new StoreTransferRequest { Sha256Root = completed.Sha256Root });
        Assert.Equal([0, 0], Assert.Single(known.Received));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task When_it_is_given_up_its_file_goes(bool isWhole)
    {
        var (ana, bela, id) = await OfferAsync(10);
        var upload = await ana.Transfers.StoreAsync(id);
        await ana.Files.SendChunkAsync(upload.UploadId, 0, new byte[10]);
        if (isWhole)
            await ana.Files.CompleteAsync(upload.UploadId);

        await bela.Transfers.RejectAsync(id);

        Assert.Equal(ErrorCodes.NotFound, await FetchAsync(bela, upload.FileId, 0).CodeAsync());
        Assert.Equal(0L, (await ana.Files.GetUsageAsync()).UsedBytes);
        Assert.Equal(ErrorCodes.TransferEnded, await ana.Transfers.StoreAsync(id).CodeAsync());
        Assert.Equal(ErrorCodes.TransferEnded, await bela.Transfers.FinishAsync(id).CodeAsync());
    }

    [Fact]
    public async Task Only_its_sender_stores_and_only_its_receiver_reports_and_finishes()
    {
        var (ana, bela, id) = await OfferAsync(10);
        Assert.Equal(ErrorCodes.Forbidden, await bela.Transfers.StoreAsync(id).CodeAsync());
        Assert.Equal(ErrorCodes.Forbidden, await ana.Transfers.FinishAsync(id).CodeAsync());
        Assert.Equal(ErrorCodes.Forbidden, await ana.Transfers.ReportAsync(id, 1).CodeAsync());
        Assert.Equal(ErrorCodes.ValidationFailed, await bela.Transfers.ReportAsync(id, 11).CodeAsync());
        Assert.Equal(ErrorCodes.ValidationFailed, await bela.Transfers.ReportAsync(id, 1, "pigeon").CodeAsync());

        await bela.Users.BlockAsync(ana.Id);
        Assert.Equal(ErrorCodes.Blocked, await ana.Transfers.StoreAsync(id).CodeAsync());
    }

    [Fact]
    public async Task A_direct_line_reports_and_ends_and_the_relay_beside_it_ends_too()
    {
        var (ana, bela, id) = await OfferAsync(10);
        await using var mine = await SocketClient.OpenAsync(app, ana);
        await using var relay = await app.RelayAsync(ana, "sender", id);
        await relay.NextAsync("metadata");

        await bela.Transfers.ReportAsync(id, 7, TransferRoutes.Direct);
        var progress = await mine.NextAsync("transfer.progress");
        Assert.Equal((7, 10, "direct"), ((int)progress["received"]!, (int)progress["size"]!, (string?)progress["route"]));
        await bela.Transfers.FinishAsync(id);

        await mine.NextAsync("transfer.done");
        await relay.NextAsync("done");
        Assert.Equal(1000, (await relay.Closed).Code);
        Assert.Equal(ErrorCodes.TransferEnded, await bela.Transfers.ReportAsync(id, 7).CodeAsync());
    }

    private async Task<(Person Sender, Person Receiver, TransferId Id)> OfferAsync(int size)
    {
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        return (ana, bela, await ana.OfferAsync(bela, size));
    }

    private static ReadOnlyMemory<byte> Part(byte[] bytes, int chunk) =>
        bytes.AsMemory(chunk * Transferring.Mebi, Math.Min(Transferring.Mebi, bytes.Length - (chunk * Transferring.Mebi)));

    private static async Task<byte[]> FetchAsync(Person person, FileId file, long from)
    {
        await using var opened = await person.Files.OpenAsync(file, from);
        using var whole = new MemoryStream();
        await opened.Stream.CopyToAsync(whole);
        return whole.ToArray();
    }
}
