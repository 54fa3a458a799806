using System.Buffers;
using System.Security.Cryptography;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Engines.Blobs.S3;
using Hypersend.Server.Engines.Blobs.Sealed;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Platform.Problems;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hypersend.EngineSpecs.Blobs;

/// <summary>The same promises over sealed objects in a bucket.</summary>
public sealed class SealedOnS3 : BlobStoreSpec, IAsyncLifetime
{
    private readonly MemoryKeys _keys = new();
    private S3Bucket _bucket = null!;

    private protected override IBlobStore Store => new SealedBucket(Plain, _keys.Seals());

    private S3BlobStore Plain => new(_bucket, NullLogger<S3BlobStore>.Instance);

    public async ValueTask InitializeAsync() => _bucket = new S3Bucket(await S3Server.CreateBucketAsync(), TimeProvider.System);

    public ValueTask DisposeAsync()
    {
        _bucket?.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_object_has_nothing_of_the_bytes_and_one_of_another_place_is_not_taken()
    {
        var file = await CreateAsync();
        var bytes = RandomNumberGenerator.GetBytes(PartLength);
        var one = await WriteAsync(file, Place(0), bytes);
        var other = await WriteAsync(file, Place(1), bytes);
        await using var stored = await _bucket.GetAsync($"b/{file}/{one.Name}", Cancellation);
        var lies = new byte[stored!.Length];
        await stored.ReadExactlyAsync(lies, Cancellation);
        Assert.Equal(SealedPlace.LengthOf(PartLength), lies.Length);
        Assert.Equal(-1, lies.AsSpan().IndexOf(bytes.AsSpan(100, 16)));

        await _bucket.PutAsync($"b/{file}/{other.Name}", lies, Cancellation);
        await Assert.ThrowsAsync<DamagedBytesException>(() => ReadAsync(file, other));
        Assert.Equal(bytes, await ReadAsync(file, one));
    }

    [Fact]
    public async Task Bytes_that_come_after_their_file_was_deleted_do_not_lie_open()
    {
        var store = Store;
        var file = await CreateAsync();
        await store.OpenAsync(file, Cancellation);
        await store.DeleteAsync(file, Cancellation);
        Assert.Equal(0, _keys.Count);

        var bytes = RandomNumberGenerator.GetBytes(PartLength);
        await using var write = await store.WriteAsync(file, Place(0), Cancellation);
        await write.WriteAsync(new ReadOnlySequence<byte>(bytes), Cancellation);
        var name = await write.FinishAsync(Cancellation);

        await using var stored = await _bucket.GetAsync($"b/{file}/{name}", Cancellation);
        var lies = new byte[stored!.Length];
        await stored.ReadExactlyAsync(lies, Cancellation);
        Assert.Equal(-1, lies.AsSpan().IndexOf(bytes.AsSpan(100, 16)));
        Assert.Equal(0, _keys.Count);
    }

    private protected override async Task AssertGoneAsync(FileId file, BlobPlace part)
    {
        await using var reader = await Store.OpenAsync(file, Cancellation);
        await Assert.ThrowsAsync<FileNotFoundException>(async () => await reader.ReadAsync(part, 0, new byte[1], Cancellation));
    }

    private protected override async Task GaveUpAsync(FileId file)
    {
        // The attempt is taken out behind the caller's back; every look is a request of its own.
        while (await _bucket.KeysAsync($"b/{file}/", Cancellation).AnyAsync(key => key.Contains("/0-", StringComparison.Ordinal), Cancellation))
            Cancellation.ThrowIfCancellationRequested();
    }
}
