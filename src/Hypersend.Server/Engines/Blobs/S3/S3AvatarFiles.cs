using Hypersend.Server.Features.Users;

namespace Hypersend.Server.Engines.Blobs.S3;

/// <summary>Pictures in a bucket, each under the hash of its bytes. A PUT is whole or not at all, so a name always means whole bytes.</summary>
internal sealed class S3AvatarFiles(S3Bucket bucket) : IAvatarFiles
{
    public async Task KeepAsync(string hash, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        if (!await bucket.HasAsync(KeyOf(hash), cancellation))
            await bucket.PutAsync(KeyOf(hash), bytes, cancellation);
    }

    public Task<Stream?> OpenAsync(string hash, CancellationToken cancellation) => bucket.GetAsync(KeyOf(hash), cancellation);

    private static string KeyOf(string hash) => "avatars/" + hash;
}
