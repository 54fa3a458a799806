using System.Security.Cryptography;
using Hypersend.EngineSpecs.Blobs;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Engines.Blobs.Disk;
using Hypersend.Server.Engines.Blobs.S3;
using Hypersend.Server.Features.Users;

namespace Hypersend.EngineSpecs.Users;

/// <summary>IAvatarFiles: a hash is whole bytes or nothing, however many keep them at once.</summary>
public abstract class AvatarFilesSpec
{
    private const int Size = 300_000;

    private protected abstract IAvatarFiles Files { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_kept_comes_back_byte_by_byte()
    {
        foreach (var size in new[] { 1, 4096, Size })
        {
            var bytes = RandomNumberGenerator.GetBytes(size);
            await Files.KeepAsync(HashOf(bytes), bytes, Cancellation);
            Assert.Equal(bytes, await ReadAsync(HashOf(bytes)));
        }
    }

    [Fact]
    public async Task The_same_picture_twice_is_fine()
    {
        var bytes = RandomNumberGenerator.GetBytes(Size);
        await Files.KeepAsync(HashOf(bytes), bytes, Cancellation);
        await Files.KeepAsync(HashOf(bytes), bytes, Cancellation);
        Assert.Equal(bytes, await ReadAsync(HashOf(bytes)));
    }

    [Fact]
    public async Task A_picture_nobody_kept_is_not_there() =>
        Assert.Null(await Files.OpenAsync(HashOf(RandomNumberGenerator.GetBytes(8)), Cancellation));

    [Fact]
    public async Task Many_that_keep_and_open_one_picture_at_once_see_it_whole_or_not_at_all()
    {
        for (var round = 0; round < 5; round++)
        {
            var bytes = RandomNumberGenerator.GetBytes(Size);
            var hash = HashOf(bytes);
            await Race.RunAsync(16, async i =>
            {
                if (i % 2 == 0)
                    await Files.KeepAsync(hash, bytes, Cancellation);
                else if (await ReadAsync(hash) is { } found)
                    Assert.Equal(bytes, found);
            });
            Assert.Equal(bytes, await ReadAsync(hash));
        }
    }

    [Fact]
    public async Task An_open_picture_can_be_read_to_its_end_while_it_is_kept_again()
    {
        var bytes = RandomNumberGenerator.GetBytes(Size);
        await Files.KeepAsync(HashOf(bytes), bytes, Cancellation);
        await using var open = (await Files.OpenAsync(HashOf(bytes), Cancellation))!;
        await Files.KeepAsync(HashOf(bytes), bytes, Cancellation);
        Assert.Equal(bytes, await ReadAsync(open));
    }

    [Fact]
    public async Task A_picture_whose_keeping_was_cancelled_is_not_there()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var bytes = RandomNumberGenerator.GetBytes(Size);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Files.KeepAsync(HashOf(bytes), bytes, cancelled.Token));
        Assert.Null(await Files.OpenAsync(HashOf(bytes), Cancellation));
        await Files.KeepAsync(HashOf(bytes), bytes, Cancellation);
        Assert.Equal(bytes, await ReadAsync(HashOf(bytes)));
    }

    private protected static string HashOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private async Task<byte[]?> ReadAsync(string hash)
    {
        await using var open = await Files.OpenAsync(hash, Cancellation);
        return open is null ? null : await ReadAsync(open);
    }

    private static async Task<byte[]> ReadAsync(Stream open)
    {
        using var bytes = new MemoryStream();
        await open.CopyToAsync(bytes, Cancellation);
        return bytes.ToArray();
    }
}

public sealed class AvatarFilesOnDisk : AvatarFilesSpec, IDisposable
{
    private readonly ScratchFolder _folder = new();

    private readonly DiskAvatarFiles _files;

    public AvatarFilesOnDisk() => _files = new DiskAvatarFiles(_folder.Path);

    private protected override IAvatarFiles Files => _files;

    public void Dispose()
    {
        _files.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Nothing_half_written_stays_behind()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var bytes = RandomNumberGenerator.GetBytes(1000);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Files.KeepAsync(HashOf(bytes), bytes, cancelled.Token));
        await Race.RunAsync(8, _ => Files.KeepAsync(HashOf(bytes), bytes, TestContext.Current.CancellationToken));
        Assert.Equal([HashOf(bytes)], Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Select(Path.GetFileName));
    }
}

public sealed class AvatarFilesOnS3 : AvatarFilesSpec, IAsyncLifetime
{
    private S3Bucket _bucket = null!;
    private S3AvatarFiles _files = null!;

    private protected override IAvatarFiles Files => _files;

    public async ValueTask InitializeAsync()
    {
        _bucket = new S3Bucket(await S3Server.CreateBucketAsync(), TimeProvider.System);
        _files = new S3AvatarFiles(_bucket);
    }

    public ValueTask DisposeAsync()
    {
        _bucket?.Dispose();
        return ValueTask.CompletedTask;
    }
}
