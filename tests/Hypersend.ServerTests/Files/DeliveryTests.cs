using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Files;

/// <summary>When somebody has a file: what was taken counts, and not what was sent.</summary>
public sealed class DeliveryTests : IAsyncLifetime
{
    private App _app = null!;
    private Person _ana = null!;
    private Person _ben = null!;
    private ChatId _chat;

    // Those of a proxy take some megabytes in the client's place.
    private const int MoreThanSocketsTake = 32 * Bytes.Mega;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await App.StartAsync();
        (_ana, _ben) = (await _app.SignUpAsync("ana"), await _app.SignUpAsync("ben"));
        _chat = await _app.GroupAsync(_ana, _ben);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData(RetentionModes.AfterDelivery)]
    [InlineData(RetentionModes.Downloads)]
    public async Task Bytes_that_wait_for_the_client_are_not_delivered_and_those_that_came_end_the_file(string mode)
    {
        var whole = Bytes.Of(Cluster.IsOn ? MoreThanSocketsTake : Bytes.Mega, seed: 5);
        var id = await SendAsync(whole, new Retention { Mode = mode, Count = mode == RetentionModes.Downloads ? 1 : null });
        await using (await SlowReader.OpenAsync(_app, _ben, id.DownloadPath()))
        {
            // Long enough to hand everything to the system, which has room for all of it where there is no proxy.
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            for (var look = 0; look < 8; look++)
            {
                await timer.WaitForNextTickAsync(Cancellation);
                Assert.False((await HasAsync()).Delivered);
            }
        }

        await _app.NoDownloadRunsAsync();
        Assert.False((await HasAsync()).Delivered);
        Assert.Equal(whole, await FetchAsync());
        await _app.NoDownloadRunsAsync();
        Assert.True((await HasAsync()).Delivered);

        Assert.Equal(FileStates.Expired, (await _ana.Files.GetAsync(id)).State);
        await _app.FetchAsync(_ben, id.DownloadPath()).RefusedAsync(410, "file_gone");

        async Task<Delivery> HasAsync() => Assert.Single((await _ana.Files.ListDeliveriesAsync(id)).Items, one => one.User.Id == _ben.Id);

        async Task<byte[]> FetchAsync()
        {
            using var answer = await _app.FetchAsync(_ben, id.DownloadPath()).AnsweredAsync(200);
            return await answer.Content.ReadAsByteArrayAsync(Cancellation);
        }
    }

    [Theory]
    [InlineData(500)]
    [InlineData(5_000)]
    [InlineData(2_500_000)]
    public async Task Who_hangs_up_with_the_last_byte_in_hand_has_the_file(int length)
    {
        var whole = Bytes.Of(length, seed: 7);
        for (var round = 0; round < 8; round++)
        {
            var id = await SendAsync(whole);
            var got = new byte[length];
            await using (var reader = await SlowReader.OpenAsync(_app, _ben, id.DownloadPath()))
                await reader.ReadAsync(got);
            await _app.NoDownloadRunsAsync();
            Assert.Equal(whole, got);
            Assert.True((await DeliveriesAsync(id))[_ben.Id]);
        }
    }

    [Theory]
    [InlineData(RetentionModes.AfterDelivery)]
    [InlineData(RetentionModes.Downloads)]
    public async Task The_connection_of_who_took_the_last_byte_of_a_file_lives_on(string mode)
    {
        var whole = Bytes.Of(5_000, seed: 8);
        for (var round = 0; round < 8; round++)
        {
            var id = await SendAsync(whole, new Retention { Mode = mode, Count = mode == RetentionModes.Downloads ? 1 : null });
            var got = new byte[whole.Length];
            await using var reader = await SlowReader.OpenAsync(_app, _ben, id.DownloadPath());
            await reader.ReadAsync(got);

            // Another node may be asked before this one has counted.
            if (Cluster.IsOn)
                await _app.NoDownloadRunsAsync();
            await reader.AskAsync(_app, _ben, id.DownloadPath());
            Assert.StartsWith("HTTP/1.1 410 ", reader.Head, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_download_that_broke_and_went_on_with_a_range_is_delivered()
    {
        var whole = Bytes.Of(Cluster.IsOn ? MoreThanSocketsTake : 3 * Bytes.Mega, seed: 6);
        var id = await SendAsync(whole);
        var part = new byte[100_000];
        await using (var broken = await SlowReader.OpenAsync(_app, _ben, id.DownloadPath()))
            await broken.ReadAsync(part);
        await _app.NoDownloadRunsAsync();
        Assert.False((await DeliveriesAsync(id))[_ben.Id]);

        using var rest = await _app.RangeAsync(_ben, id, $"bytes={part.Length}-").OpenedAsync(206);
        Assert.Equal(whole[part.Length..], await rest.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal(whole[..part.Length], part);
        await _app.NoDownloadRunsAsync();
        Assert.True((await DeliveriesAsync(id))[_ben.Id]);
    }

    [Fact]
    public async Task Whoever_follows_an_upload_to_its_end_has_the_file()
    {
        var whole = Bytes.Of(1000);
        var upload = await _ana.BeginAsync(_chat, whole.Length, "tail.bin");
        await _ana.SendAsync(upload, whole, 0);
        using (var answer = await _app.FetchAsync(_ben, upload.FileId.DownloadPath()).OpenedAsync(200))
            Assert.Equal(whole, await answer.Content.ReadAsByteArrayAsync(Cancellation));
        await _app.NoDownloadRunsAsync();
        await _ana.Files.CompleteAsync(upload.UploadId);
        Assert.True((await DeliveriesAsync(upload.FileId))[_ben.Id]);
    }

    private async Task<FileId> SendAsync(byte[] whole, Retention? retention = null)
    {
        var upload = await _ana.Files.InitAsync(new InitUploadRequest { Filename = "film.bin", Size = whole.Length, ChatId = _chat, ChunkSize = Bytes.Mega, Retention = retention });
        for (var chunk = 0; chunk < upload.TotalChunks; chunk++)
            await _ana.SendAsync(upload, whole, chunk);
        return (await _ana.Files.CompleteAsync(upload.UploadId)).FileId;
    }

    private async Task<Dictionary<UserId, bool>> DeliveriesAsync(FileId id) =>
        (await _ana.Files.ListDeliveriesAsync(id)).Items.ToDictionary(one => one.User.Id, one => one.Delivered);
}
