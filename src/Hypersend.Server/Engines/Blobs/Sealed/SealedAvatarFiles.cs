using Hypersend.Server.Features.Users;

namespace Hypersend.Server.Engines.Blobs.Sealed;

/// <summary>Pictures of people, sealed where they lie. Their name stays the hash of the picture itself.</summary>
internal sealed class SealedAvatarFiles(IAvatarFiles inner, SmallSeal seal) : IAvatarFiles
{
    public async Task KeepAsync(string hash, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        await inner.KeepAsync(hash, await seal.SealAsync(bytes, PlaceOf(hash), cancellation), cancellation);

    public async Task<Stream?> OpenAsync(string hash, CancellationToken cancellation) =>
        await seal.OpenAsync(await inner.OpenAsync(hash, cancellation), PlaceOf(hash), cancellation);

    private static string PlaceOf(string hash) => "avatar/" + hash;
}
