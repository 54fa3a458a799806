using Hypersend.Contracts.Files;
using Hypersend.Tests;
using static Hypersend.ServerTests.Files.Tus.TusStage;

namespace Hypersend.ServerTests.Files.Tus;

/// <summary>tus-js-client as it comes from npm.</summary>
public sealed class StockClientTests(TusStage tus) : IClassFixture<TusStage>, IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task One_request_for_all() => await SucceedAsync(Some(9 * Chunk + 123), (path, job) => job);

    [Fact]
    public async Task Many_small_requests() => await SucceedAsync(Some(3 * Chunk + 123), (path, job) => job with { chunkSize = 300_000 });

    [Fact]
    public async Task Bytes_with_the_creation_and_POST_for_all() =>
        await SucceedAsync(Some(2 * Chunk + 123), (path, job) => job with { chunkSize = 700_000, duringCreation = true, overridePatchMethod = true });

    [Fact]
    public async Task A_length_that_is_known_at_the_end() =>
        await SucceedAsync(Some(3 * Chunk + 123), (path, job) => job with { chunkSize = 1_000_000, deferred = true }, 64 << 20);

    [Fact]
    public async Task Four_uploads_beside_each_other() => await SucceedAsync(Some(8 * Chunk + 123), (path, job) => job with { parallelUploads = 4 });

    private async Task SucceedAsync(byte[] bytes, Func<string, ClientJob, ClientJob> adjust, int chunk = Chunk)
    {
        var path = Path.Combine(_folder.Path, "from stock.bin");
        await File.WriteAllBytesAsync(path, bytes);
        var job = new ClientJob(path, new Uri(tus.App.Address, TusStage.Door).ToString(), tus.Ana.AccessToken);
        await using var client = StockClient.Start(adjust(path, job));
        var url = await client.SucceedAsync();
        SharedFile file;
        do
        {
            file = await tus.Ana.Files.GetAsync(IdOf(url));
        }
        while (file.Sha256Root is null);
        Assert.Equal("from stock.bin", file.Filename);
        await tus.ShouldBeAsync(IdOf(url), bytes, chunk);
    }
}

/// <summary>What the client is told to do, in its own words.</summary>
#pragma warning disable IDE1006 // The names of the script's JSON.
internal sealed record ClientJob(string path, string endpoint, string token)
{
    public long? chunkSize { get; init; }

    /// <summary>Milliseconds before each request, so that something can happen meanwhile.</summary>
    public int pace { get; init; }

    public int parallelUploads { get; init; } = 1;

    public bool duringCreation { get; init; }

    public bool overridePatchMethod { get; init; }

    public bool deferred { get; init; }

    public int tellEvery { get; init; } = 1 << 20;

    public Dictionary<string, string> metadata { get; init; } = new() { ["filename"] = System.IO.Path.GetFileName(path), ["filetype"] = "application/x-thing" };
}
