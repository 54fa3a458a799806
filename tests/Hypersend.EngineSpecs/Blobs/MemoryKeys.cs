using System.Collections.Concurrent;
using System.Security.Cryptography;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Engines.Blobs.Sealed;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Platform.Secrets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hypersend.EngineSpecs.Blobs;

/// <summary>Keys of files that are gone with the test; what stands on the database has a spec of its own.</summary>
internal sealed class MemoryKeys : IFileKeys
{
    private readonly ConcurrentDictionary<FileId, WrappedKey> _keys = new();

    /// <summary>Seals with keys that a server of this setting has; each call is a server that was started anew.</summary>
    public FileSeals Seals(string? setting = null, bool sealsNew = true)
    {
        var keys = StorageKeys.Load(setting ?? Setting, null, "nowhere", sealsNew);
        return new FileSeals(this, keys, NullLogger<FileSeals>.Instance);
    }

    public string Setting { get; } = "one:" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public int Count => _keys.Count;

    public Task<WrappedKey> AddAsync(FileId file, WrappedKey key, CancellationToken cancellation) => Task.FromResult(_keys.GetOrAdd(file, key));

    public Task<WrappedKey?> FindAsync(FileId file, CancellationToken cancellation) => Task.FromResult(_keys.GetValueOrDefault(file));

    public Task RemoveAsync(FileId file, CancellationToken cancellation)
    {
        _keys.TryRemove(file, out _);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<KeyOfFile>> SamplesAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<KeyOfFile>>([.. _keys.DistinctBy(pair => pair.Value.KeyId).Select(pair => new KeyOfFile(pair.Key, pair.Value))]);

    public Task<IReadOnlyList<KeyOfFile>> OthersAsync(string keyId, int limit, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<KeyOfFile>>([.. _keys.Where(pair => pair.Value.KeyId != keyId).Take(limit).Select(pair => new KeyOfFile(pair.Key, pair.Value))]);

    public Task ReplaceAsync(IReadOnlyList<KeyOfFile> keys, CancellationToken cancellation)
    {
        foreach (var (file, key) in keys)
            _keys[file] = key;
        return Task.CompletedTask;
    }
}
