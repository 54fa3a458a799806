using System.Security.Cryptography;
using Hypersend.Contracts.Ids;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Engines.Blobs.S3;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Platform.Problems;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hypersend.EngineSpecs.Blobs;

public sealed class BlobStoreOnS3 : BlobStoreSpec, IAsyncLifetime
{
    private S3Url _url = null!;
    private S3Bucket _bucket = null!;

    private protected override IBlobStore Store => new S3BlobStore(_bucket, NullLogger<S3BlobStore>.Instance);

    public async ValueTask InitializeAsync()
    {
        _url = await S3Server.CreateBucketAsync();
        _bucket = new S3Bucket(_url, TimeProvider.System);
    }

    public ValueTask DisposeAsync()
    {
        _bucket?.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Every_attempt_is_an_object_of_its_own_and_the_name_says_which()
    {
        var file = await CreateAsync();
        var (first, second) = (RandomNumberGenerator.GetBytes(PartLength), RandomNumberGenerator.GetBytes(PartLength));
        var one = await WriteAsync(file, Place(7), first);
        var other = await WriteAsync(file, Place(7), second);
        Assert.Matches("^7-[0-9a-f]{16}$", one.Name);
        Assert.NotEqual(one.Name, other.Name);
        Assert.Equal(first, await ReadAsync(file, one));
        Assert.Equal(second, await ReadAsync(file, other));
        Assert.Equal([$"b/{file}/{one.Name}", $"b/{file}/{other.Name}"], (await KeysAsync(file)).OrderBy(key => !key.EndsWith(one.Name!, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Attempts_that_lost_are_dropped_and_the_winners_stay()
    {
        var file = await CreateAsync();
        var winners = new List<BlobPlace>();
        for (var index = 0; index < 3; index++)
        {
            await WriteAsync(file, Place(index), new byte[PartLength]);
            winners.Add(await WriteAsync(file, Place(index), new byte[PartLength]));
        }

        await ((IBlobLeftovers)Store).DropOthersAsync(file, winners.Select(winner => winner.Name!).ToHashSet(), Cancellation);
        Assert.Equal(winners.Select(winner => $"b/{file}/{winner.Name}").Order(), (await KeysAsync(file)).Order());
    }

    [Fact]
    public async Task A_file_of_more_parts_than_one_page_lists_is_deleted_whole()
    {
        const int Parts = 1100;
        const int Lanes = 16;
        var file = await CreateAsync();
        await Race.RunAsync(Lanes, async lane =>
        {
            for (var index = lane; index < Parts; index += Lanes)
                await WriteAsync(file, new BlobPlace(index, index, 1), new byte[1]);
        });
        Assert.Equal(Parts, (await KeysAsync(file)).Count);
        await Store.DeleteAsync(file, Cancellation);
        Assert.Empty(await KeysAsync(file));
    }

    [Fact]
    public async Task A_store_without_a_limit_or_a_path_says_so()
    {
        Assert.Null(Store.FreeBytes);
        Assert.Null(Store.PathOf(await CreateAsync()));
    }

    [Fact]
    public async Task A_wrong_login_or_a_bucket_that_is_not_there_is_told_without_the_secret()
    {
        foreach (var url in new[] { _url with { Key = "nobody", Secret = "not-the-secret" }, _url with { Bucket = "nothing-of-that-name" } })
        {
            using var bucket = new S3Bucket(url, TimeProvider.System);
            var away = await Assert.ThrowsAsync<EngineUnavailableException>(() => bucket.PutAsync("a/x/y", new byte[1], Cancellation));
            Assert.DoesNotContain(url.Secret, away.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("Signature=", away.ToString(), StringComparison.Ordinal);
            await Assert.ThrowsAsync<EngineUnavailableException>(() => new S3Probe(bucket).ProbeAsync(Cancellation));
        }
    }

    [Fact]
    public async Task The_probe_is_content_with_a_bucket_that_is_there() => await new S3Probe(_bucket).ProbeAsync(Cancellation);

    private protected override async Task AssertGoneAsync(FileId file, BlobPlace part)
    {
        await using var reader = await Store.OpenAsync(file, Cancellation);
        await Assert.ThrowsAsync<FileNotFoundException>(async () => await reader.ReadAsync(part, 0, new byte[1], Cancellation));
        Assert.Empty(await KeysAsync(file));
    }

    private protected override async Task GaveUpAsync(FileId file)
    {
        // The attempt is taken out behind the caller's back; every look is a request of its own.
        while ((await KeysAsync(file)).Any(key => key.Contains("/0-", StringComparison.Ordinal)))
            Cancellation.ThrowIfCancellationRequested();
    }

    private async Task<List<string>> KeysAsync(FileId file) => await _bucket.KeysAsync($"b/{file}/", Cancellation).ToListAsync(Cancellation);
}
