using System.Diagnostics;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.ServerTests.Chats;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Files;

/// <summary>What an upload promises in seconds, which are measured.</summary>
[Collection(nameof(Alone))]
public sealed class UploadPromiseTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task Forty_gibibytes_with_a_few_chunks_are_sparse_and_their_status_is_quick()
    {
        var ana = await app.SignUpAsync("ana");
        var upload = await ana.Files.InitAsync(new InitUploadRequest { Filename = "huge.bin", Size = 40L << 30 }).TimedAsync(TimeSpan.FromSeconds(5));
        Assert.Equal((8 << 20, 5120), (upload.ChunkSize, upload.TotalChunks));
        var chunk = FileCalls.Bytes(upload.ChunkSize);
        foreach (var index in new[] { 5119, 0, 2500, 2501 })
            await ana.Files.SendChunkAsync(upload.UploadId, index, chunk);

        var status = await ana.Files.GetStatusAsync(upload.UploadId).TimedAsync(TimeSpan.FromSeconds(2));

        Assert.Equal(["0-0", "2500-2501", "5119-5119"], status.Received.Select(range => $"{range[0]}-{range[1]}"));
        Assert.Equal((4L * upload.ChunkSize, 40L << 30), (status.ReceivedBytes, status.Size));
        var refusal = await ana.PostAsync($"/api/v1/files/{upload.UploadId}/complete").RefusedAsync(409, ErrorCodes.ChunksMissing);
        Assert.Equal("[[1,2499],[2502,5118]]", refusal.More!["missing"].GetRawText());
        await ana.Files.DeleteAsync(upload.UploadId);
        Assert.Equal(0, (await ana.Files.GetUsageAsync()).UsedBytes);
    }

    [Fact]
    public async Task The_token_of_an_upload_dies_with_its_session_here_and_on_another_node_within_five_seconds()
    {
        await using var first = await App.StartAsync();
        await using var second = await first.StartSecondAsync();
        var ana = await first.SignUpAsync("ana");
        var upload = await ana.BeginAsync(1);
        using var anonymous = second.Anonymous();
        Assert.Equal(FileStates.Uploading, (await anonymous.Files.GetStatusAsync(upload.UploadId, upload.UploadToken)).State);

        await ana.Accounts.LogoutAsync();
        var watch = Stopwatch.StartNew();

        using var here = first.Anonymous();
        await here.Files.GetStatusAsync(upload.UploadId, upload.UploadToken).RefusedAsync(401, ErrorCodes.SessionEnded);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await IsLetInAsync(anonymous.Files.GetStatusAsync(upload.UploadId, upload.UploadToken)))
        {
            Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);
            await tick.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    private static async Task<bool> IsLetInAsync(Task call)
    {
        try
        {
            await call;
            return true;
        }
        catch (Hypersend.Sdk.HypersendException refusal) when (refusal.Status == 401)
        {
            return false;
        }
    }
}

/// <summary>A call that has to be quick.</summary>
internal static class Timing
{
    public static async Task<T> TimedAsync<T>(this Task<T> call, TimeSpan most)
    {
        var watch = Stopwatch.StartNew();
        var answer = await call;
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, most);
        return answer;
    }
}
