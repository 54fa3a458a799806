using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;

namespace Hypersend.Server.Engines.Blobs.Sealed;

/// <summary>
/// A store before another one, in which the bytes of a file with a key lie sealed; one without a key passes through as it
/// is. Whether a file has one is decided when its place is made.
/// </summary>
internal abstract class SealedBlobStore(IBlobStore inner, FileSeals seals) : IBlobStore, ISealingBlobs
{
    private readonly SmallSeal _small = new(seals);

    public long? FreeBytes => inner.FreeBytes;

    protected FileSeals Seals => seals;

    /// <summary>Whether a part may have been written in several goes.</summary>
    protected abstract bool HasRests { get; }

    public async Task CreateAsync(FileId file, CancellationToken cancellation)
    {
        if (seals.SealsNew)
            await seals.MakeAsync(file, cancellation);
        await inner.CreateAsync(file, cancellation);
    }

    public async ValueTask<IBlobWrite> WriteAsync(FileId file, BlobPlace place, CancellationToken cancellation) =>
        await seals.FindAsync(file, cancellation) is { } key
            ? new SealedWrite(await inner.WriteAsync(file, SealedPlace.Of(place), cancellation), new Frame(key, file), place)
            : await inner.WriteAsync(file, place, cancellation);

    public async Task GiveBackAsync(FileId file, BlobPlace place, CancellationToken cancellation) =>
        await inner.GiveBackAsync(file, await seals.FindAsync(file, cancellation) is null ? place : SealedPlace.Of(place), cancellation);

    public async ValueTask<IBlobReader> OpenAsync(FileId file, CancellationToken cancellation) =>
        await seals.FindAsync(file, cancellation) is { } key ? await OpenSealedAsync(file, key, cancellation) : await inner.OpenAsync(file, cancellation);

    public async Task DeleteAsync(FileId file, CancellationToken cancellation)
    {
        await inner.DeleteAsync(file, cancellation);
        await seals.ForgetAsync(file, cancellation);
    }

    public async Task KeepAsideAsync(FileId file, string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        await inner.KeepAsideAsync(file, name, await _small.SealAsync(bytes, PlaceOf(file, name), cancellation), cancellation);

    public async Task<Stream?> OpenAsideAsync(FileId file, string name, CancellationToken cancellation) =>
        await _small.OpenAsync(await inner.OpenAsideAsync(file, name, cancellation), PlaceOf(file, name), cancellation);

    public Task DeleteAsideAsync(FileId file, string name, CancellationToken cancellation) => inner.DeleteAsideAsync(file, name, cancellation);

    public IAsyncEnumerable<FileId> ListAsync(CancellationToken cancellation) => inner.ListAsync(cancellation);

    public string? PathOf(FileId file) => inner.PathOf(file);

    public async ValueTask<bool> IsSealedAsync(FileId file, CancellationToken cancellation) => await seals.FindAsync(file, cancellation) is not null;

    protected async ValueTask<SealedReader> OpenSealedAsync(FileId file, byte[] key, CancellationToken cancellation) =>
        new(await inner.OpenAsync(file, cancellation), new Frame(key, file), HasRests);

    private static string PlaceOf(FileId file, string name) => $"aside/{file}/{name}";
}
