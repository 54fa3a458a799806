using Hypersend.Contracts.Errors;
using Hypersend.ServerTests.Fixture;
using Hypersend.ServerTests.Push;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Files;

/// <summary>Files that are fetched while they come.</summary>
public sealed class FollowTests(App app) : IClassFixture<App>
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    private readonly byte[] _whole = Bytes.Of((4 * Bytes.Mega) + 77, seed: 7);

    [Fact]
    public async Task Twenty_followers_of_one_upload_get_its_bytes_as_they_come()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var upload = await ana.BeginAsync(await app.GroupAsync(ana, ben), _whole.Length);
        var followers = Enumerable.Range(0, 20).Select(async number =>
        {
            var from = number * 100_000;
            using var answer = await app.RangeAsync(ben, upload.FileId, $"bytes={from}-").OpenedAsync(206);
            Assert.Equal($"bytes {from}-{_whole.Length - 1}/{_whole.Length}", answer.Content.Headers.ContentRange!.ToString());
            Assert.Equal($"\"{upload.FileId}\"", answer.Headers.ETag!.ToString());
            Assert.Equal(_whole[from..], await answer.Content.ReadAsByteArrayAsync());
        }).ToArray();

        // In an order of their own, the first one last but one.
        foreach (var chunk in new[] { 3, 1, 0, 2, 4 })
            await ana.SendAsync(upload, _whole, chunk);
        await Task.WhenAll(followers).WaitAsync(Long);
        await ana.Files.CompleteAsync(upload.UploadId);
    }

    [Fact]
    public async Task A_range_is_answered_as_soon_as_its_first_chunk_is_there()
    {
        var ana = await app.SignUpAsync("ana");
        var upload = await ana.BeginAsync(null, _whole.Length);
        await ana.SendAsync(upload, _whole, 4);
        using var tail = await app.RangeAsync(ana, upload.FileId, "bytes=-50").OpenedAsync(206);
        Assert.Equal(_whole[^50..], await tail.Content.ReadAsByteArrayAsync());

        var waiting = app.RangeAsync(ana, upload.FileId, $"bytes={Bytes.Mega}-{Bytes.Mega + 9}");
        await ana.SendAsync(upload, _whole, 0);
        Assert.False(waiting.IsCompleted);
        await ana.SendAsync(upload, _whole, 1);
        using var answer = await waiting.WaitAsync(Long);
        Assert.Equal(_whole[Bytes.Mega..(Bytes.Mega + 10)], await answer.Content.ReadAsByteArrayAsync());

        using var head = await app.FetchAsync(ana, upload.FileId.DownloadPath(), HttpMethod.Head).OpenedAsync(200);
        Assert.Equal(_whole.Length, head.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task What_was_begun_during_the_upload_goes_on_after_it()
    {
        var ana = await app.SignUpAsync("ana");
        var upload = await ana.BeginAsync(null, _whole.Length);
        await ana.SendAsync(upload, _whole, 0);
        using var first = await app.RangeAsync(ana, upload.FileId, "bytes=0-99").OpenedAsync(206);
        for (var chunk = 1; chunk < 5; chunk++)
            await ana.SendAsync(upload, _whole, chunk);
        await ana.Files.CompleteAsync(upload.UploadId);
        using var rest = await app.RangeAsync(ana, upload.FileId, "bytes=100-", ("If-Range", first.Headers.ETag!.ToString())).OpenedAsync(206);
        Assert.Equal(_whole[100..], await rest.Content.ReadAsByteArrayAsync());
        Assert.Equal($"\"{Bytes.Root(_whole)}\"", rest.Headers.ETag!.ToString());
    }

    [Fact]
    public async Task A_file_of_unknown_size_ends_when_it_is_complete()
    {
        var ana = await app.SignUpAsync("ana");
        var upload = await ana.BeginAsync(null, size: null);
        var following = FetchAsync();
        await ana.SendAsync(upload, _whole, 0);
        using var answer = await following.WaitAsync(Long);
        Assert.Null(answer.Content.Headers.ContentLength);
        Assert.True(answer.Headers.TransferEncodingChunked);
        var body = answer.Content.ReadAsByteArrayAsync();

        using var range = await app.RangeAsync(ana, upload.FileId, "bytes=1000-").OpenedAsync(206);
        Assert.Equal($"bytes 1000-{_whole.Length - 1}/*", range.Content.Headers.ContentRange!.ToString());
        Assert.Equal(_whole[1000..], await range.Content.ReadAsByteArrayAsync());
        Assert.False(body.IsCompleted);
        await ana.Files.CompleteAsync(upload.UploadId);
        Assert.Equal(_whole, await body.WaitAsync(Long));

        Task<HttpResponseMessage> FetchAsync() => app.FetchAsync(ana, upload.FileId.DownloadPath()).OpenedAsync(200);
    }

    [Fact]
    public async Task A_cancelled_upload_cuts_its_followers()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        foreach (var size in new long?[] { _whole.Length, null })
        {
            var upload = await ana.BeginAsync(await app.GroupAsync(ana, ben), size);
            await ana.SendAsync(upload, _whole, 0);
            using var answer = await app.FetchAsync(ben, upload.FileId.DownloadPath()).OpenedAsync(200);
            await ana.Files.DeleteAsync(upload.UploadId);
            await Assert.ThrowsAsync<HttpRequestException>(() => answer.Content.ReadAsByteArrayAsync().WaitAsync(Long));
            await app.FetchAsync(ben, upload.FileId.DownloadPath()).RefusedAsync(410, ErrorCodes.FileGone);
        }
    }

    [Fact]
    public async Task A_follower_who_may_not_any_more_is_told_so_while_the_first_byte_is_waited_for()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var upload = await ana.BeginAsync(await app.GroupAsync(ana, ben), _whole.Length);
        await app.NoDownloadRunsAsync();
        var waiting = app.FetchAsync(ben, upload.FileId.DownloadPath());
        await Eventually.TrueAsync(() => Task.FromResult(app.RunningDownloads() == 1));
        await ben.Accounts.LogoutAsync();
        await waiting.WaitAsync(Long).RefusedAsync(404, ErrorCodes.NotFound);
        await ana.Files.DeleteAsync(upload.UploadId);
    }

    [Fact]
    public async Task A_follower_of_a_silent_upload_is_let_go_after_a_minute()
    {
        var clock = new ManualClock();
        await using var server = await App.StartAsync(clock);
        var ana = await server.SignUpAsync("ana");
        var upload = await ana.BeginAsync(null, _whole.Length);
        await ana.SendAsync(upload, _whole, 0);
        using var following = await server.FetchAsync(ana, upload.FileId.DownloadPath()).OpenedAsync(200);
        var body = following.Content.ReadAsByteArrayAsync();
        var waiting = server.RangeAsync(ana, upload.FileId, $"bytes={Bytes.Mega}-");
        await using var steps = new Stepper(clock, TimeSpan.FromSeconds(5));
        await Assert.ThrowsAsync<HttpRequestException>(() => body.WaitAsync(Long));
        await waiting.WaitAsync(Long).RefusedAsync(503, ErrorCodes.NotYetHere);
    }

    [Fact]
    public async Task Chunks_that_land_on_another_node_are_seen_here()
    {
        await using var other = await app.StartSecondAsync($"--STORAGE_URL=file:{Path.Combine(app.DataRoot, "blobs")}");
        var ana = await app.SignUpAsync("ana");
        var upload = await ana.BeginAsync(null, _whole.Length);
        var following = other.FetchAsync(ana, upload.FileId.DownloadPath());
        for (var chunk = 0; chunk < 5; chunk++)
            await ana.SendAsync(upload, _whole, chunk);
        using var answer = await following.WaitAsync(Long);
        Assert.Equal(_whole, await answer.Content.ReadAsByteArrayAsync().WaitAsync(Long));
    }

    /// <summary>Lets the server's clock run ahead until it is stopped.</summary>
    private sealed class Stepper : IAsyncDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private readonly Task _running;

        public Stepper(ManualClock clock, TimeSpan step) => _running = RunAsync(clock, step);

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await _running;
            _end.Dispose();
        }

        private async Task RunAsync(ManualClock clock, TimeSpan step)
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
            try
            {
                while (await timer.WaitForNextTickAsync(_end.Token))
                    clock.Advance(step);
            }
            catch (OperationCanceledException)
            {
                // Stopped.
            }
        }
    }
}
