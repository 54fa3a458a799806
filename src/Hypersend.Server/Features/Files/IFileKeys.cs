using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Features.Files;

/// <summary>The keys of what lies sealed in the store, each wrapped in another that is kept elsewhere. What has none lies open.</summary>
internal interface IFileKeys
{
    /// <summary>Writes down the key of a file that has none yet; the answer is the key it has now, which somebody else may have been quicker with.</summary>
    Task<WrappedKey> AddAsync(FileId file, WrappedKey key, CancellationToken cancellation);

    /// <summary>Null when the file lies open.</summary>
    Task<WrappedKey?> FindAsync(FileId file, CancellationToken cancellation);

    /// <summary>Its bytes are gone, and nobody will ask for them again.</summary>
    Task RemoveAsync(FileId file, CancellationToken cancellation);

    /// <summary>One for each key that wraps any, to see whether those are at hand.</summary>
    Task<IReadOnlyList<KeyOfFile>> SamplesAsync(CancellationToken cancellation);

    /// <summary>Some that are wrapped in another key than this one.</summary>
    Task<IReadOnlyList<KeyOfFile>> OthersAsync(string keyId, int limit, CancellationToken cancellation);

    /// <summary>Puts the same keys there, wrapped anew; those that went meanwhile stay away.</summary>
    Task ReplaceAsync(IReadOnlyList<KeyOfFile> keys, CancellationToken cancellation);
}

/// <summary>A key that only its wrapping key opens, and that one's id.</summary>
internal sealed record WrappedKey(string KeyId, byte[] Bytes);

internal sealed record KeyOfFile(FileId File, WrappedKey Key);
