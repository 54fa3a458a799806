using Hypersend.Server.Features.Files;
using Hypersend.Server.Platform.Secrets;

namespace Hypersend.Server.Engines.Blobs.Sealed;

/// <summary>Looks at the start whether everything that was sealed can be opened, before somebody asks for it.</summary>
internal sealed class CheckKeys(IFileKeys store, StorageKeys keys)
{
    /// <summary>What is wrong, as a sentence for who starts the server; null when nothing is.</summary>
    public async Task<string?> RefuseAsync(CancellationToken cancellation) => Refuse(await store.SamplesAsync(cancellation), keys);

    /// <param name="samples">One key of a file for each id under which any is wrapped.</param>
    /// <param name="keys">What this server has.</param>
    public static string? Refuse(IReadOnlyList<KeyOfFile> samples, StorageKeys keys)
    {
        foreach (var (file, key) in samples)
        {
            if (!keys.Has(key.KeyId))
            {
                return $"ENCRYPTION_KEY: stored files are encrypted under the key {key.KeyId}, which this server does not have. "
                    + $"Add it to ENCRYPTION_KEY behind the current one (or bring back {StorageKeys.FileName} in DATA_ROOT, or the SECRET_KEY it came from).";
            }

            if (keys.Unwrap(key.KeyId, key.Bytes, file.Value) is null)
                return $"ENCRYPTION_KEY: the key {key.KeyId} is another one than the one of the same name under which stored files are encrypted.";
        }

        return null;
    }
}
