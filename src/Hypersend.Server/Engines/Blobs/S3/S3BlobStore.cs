using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Engines.Blobs.S3;

/// <summary>
/// Files in a bucket: a part is an object <c>b/&lt;file&gt;/&lt;index&gt;-&lt;attempt&gt;</c>, what is kept aside is
/// <c>a/&lt;file&gt;/&lt;name&gt;</c>. Every node reads a part as soon as its row names it, and a file is never put together.
/// </summary>
internal sealed partial class S3BlobStore(S3Bucket bucket, ILogger<S3BlobStore> log) : IBlobStore, IBlobLeftovers
{
    private const string Parts = "b/";
    private const string Asides = "a/";
    private const int AttemptBytes = 8;

    public long? FreeBytes => null;

    /// <summary>Nothing has to be made: the first object makes the folder.</summary>
    public Task CreateAsync(FileId file, CancellationToken cancellation) => Task.CompletedTask;

    public ValueTask<IBlobWrite> WriteAsync(FileId file, BlobPlace place, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled<IBlobWrite>(cancellation);
        var attempt = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(AttemptBytes));
        var name = string.Create(CultureInfo.InvariantCulture, $"{place.Index}-{attempt}");
        return ValueTask.FromResult<IBlobWrite>(new S3BlobWrite(this, bucket, PartsOf(file), place, name));
    }

    /// <summary>An attempt that was not finished has taken itself back already.</summary>
    public Task GiveBackAsync(FileId file, BlobPlace place, CancellationToken cancellation)
    {
        if (place.Name is { } name)
            Forget(file, name);
        return Task.CompletedTask;
    }

    public ValueTask<IBlobReader> OpenAsync(FileId file, CancellationToken cancellation) =>
        ValueTask.FromResult<IBlobReader>(new S3BlobReader(bucket, PartsOf(file)));

    public async Task DeleteAsync(FileId file, CancellationToken cancellation)
    {
        await bucket.DeleteAsync(bucket.KeysAsync(PartsOf(file), cancellation), cancellation);
        await bucket.DeleteAsync(bucket.KeysAsync(AsidesOf(file), cancellation), cancellation);
    }

    public Task DropOthersAsync(FileId file, IReadOnlySet<string> names, CancellationToken cancellation)
    {
        var folder = PartsOf(file);
        return bucket.DeleteAsync(bucket.KeysAsync(folder, cancellation).Where(key => !names.Contains(key[folder.Length..])), cancellation);
    }

    public void Forget(FileId file, string name) => Forget(PartsOf(file) + name);

    public Task KeepAsideAsync(FileId file, string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        AsideName.Check(name);
        return bucket.PutAsync(AsidesOf(file) + name, bytes, cancellation);
    }

    public Task<Stream?> OpenAsideAsync(FileId file, string name, CancellationToken cancellation)
    {
        AsideName.Check(name);
        return bucket.GetAsync(AsidesOf(file) + name, cancellation);
    }

    public Task DeleteAsideAsync(FileId file, string name, CancellationToken cancellation)
    {
        AsideName.Check(name);
        return bucket.DeleteAsync(AsyncEnumerable.Repeat(AsidesOf(file) + name, 1), cancellation);
    }

    public async IAsyncEnumerable<FileId> ListAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        // Both lists come in the order of their names, so what is in both is met twice in a row.
        await using var asides = bucket.FoldersAsync(Asides, cancellation).GetAsyncEnumerator(cancellation);
        var aside = await NextAsync(asides);
        await foreach (var name in bucket.FoldersAsync(Parts, cancellation))
        {
            for (; aside is not null && string.CompareOrdinal(aside, name) <= 0; aside = await NextAsync(asides))
            {
                if (aside != name && Id(aside) is { } lonely)
                    yield return lonely;
            }

            if (Id(name) is { } file)
                yield return file;
        }

        for (; aside is not null; aside = await NextAsync(asides))
        {
            if (Id(aside) is { } lonely)
                yield return lonely;
        }
    }

    public string? PathOf(FileId file) => null;

    /// <summary>Takes out an object that no row will name. Nobody waits for it: what is left over is found by the sweep.</summary>
    public void Forget(string key) => _ = ForgetAsync(key);

    private async Task ForgetAsync(string key)
    {
        try
        {
            using var limit = bucket.Limit(CancellationToken.None);
            await bucket.DeleteAsync(AsyncEnumerable.Repeat(key, 1), limit.Token);
        }
        catch (Exception exception) when (exception is EngineUnavailableException or OperationCanceledException or ObjectDisposedException)
        {
            LeftBehind(log, key, exception);
        }
    }

    private static async Task<string?> NextAsync(IAsyncEnumerator<string> names) => await names.MoveNextAsync() ? names.Current : null;

    private static FileId? Id(string name) => Guid.TryParseExact(name, "D", out var id) ? new FileId(id) : null;

    private static string PartsOf(FileId file) => $"{Parts}{file}/";

    private static string AsidesOf(FileId file) => $"{Asides}{file}/";

    [LoggerMessage(350, LogLevel.Debug, "The object {Key} was given up and could not be deleted; a sweep will find it")]
    private static partial void LeftBehind(ILogger log, string key, Exception exception);
}
