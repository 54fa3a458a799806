using System.Collections.Concurrent;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Secrets;

namespace Hypersend.Server.Engines.Blobs.Sealed;

/// <summary>The keys of files as they are used: made with the place of a file, unwrapped when it is opened, remembered for a while.</summary>
internal sealed partial class FileSeals(IFileKeys store, StorageKeys keys, ILogger<FileSeals> log)
{
    // Small pictures share one key, which lies under no file's id.
    private static readonly FileId Small = new(Guid.Empty);

    private const int MostKnown = 10_000;

    // Null says that the file lies open. Whether it does was decided when its place was made, and never changes.
    private readonly ConcurrentDictionary<FileId, byte[]?> _known = new();

    /// <summary>Whether what is stored from now on is sealed.</summary>
    public bool SealsNew => keys.SealsNew;

    /// <summary>Null when the file lies open. Throws <see cref="DamagedBytesException"/> when its key cannot be had.</summary>
    public ValueTask<byte[]?> FindAsync(FileId file, CancellationToken cancellation) =>
        _known.TryGetValue(file, out var key) ? ValueTask.FromResult(key) : new ValueTask<byte[]?>(LoadAsync(file, cancellation));

    /// <summary>The key of a new file.</summary>
    public async Task<byte[]> MakeAsync(FileId file, CancellationToken cancellation)
    {
        var (keyId, wrapped) = keys.Wrap(StorageKeys.MakeKey(), file.Value);
        var key = Unwrap(file, await store.AddAsync(file, new WrappedKey(keyId, wrapped), cancellation));
        Remember(file, key);
        return key;
    }

    /// <summary>The one key of small pictures, made when it is needed first; null when nothing is sealed and nothing was.</summary>
    public async ValueTask<byte[]?> OfSmallAsync(CancellationToken cancellation) =>
        await FindAsync(Small, cancellation) ?? (SealsNew ? await MakeAsync(Small, cancellation) : null);

    /// <summary>Its bytes are gone, and so is what could open a copy of them.</summary>
    public async Task ForgetAsync(FileId file, CancellationToken cancellation)
    {
        if (await FindAsync(file, cancellation) is null)
        {
            _known.TryRemove(file, out _);
            return;
        }

        await store.RemoveAsync(file, cancellation);
        // Bytes may still be on their way into a bucket, which takes them for a file that is gone. They must not lie open
        // until they are swept, so who asks for the key again gets one that nobody keeps.
        Remember(file, StorageKeys.MakeKey());
    }

    private async Task<byte[]?> LoadAsync(FileId file, CancellationToken cancellation)
    {
        if (await store.FindAsync(file, cancellation) is { } wrapped)
        {
            var key = Unwrap(file, wrapped);
            Remember(file, key);
            return key;
        }

        // One that is being made just now may have its key in the meantime; that one stays. The key of small pictures may
        // come at any time, and from another node.
        if (file != Small)
        {
            MakeRoom();
            _known.TryAdd(file, null);
        }

        return null;
    }

    private byte[] Unwrap(FileId file, WrappedKey wrapped)
    {
        if (keys.Unwrap(wrapped.KeyId, wrapped.Bytes, file.Value) is { } key)
            return key;
        NoKey(log, file, wrapped.KeyId);
        SealMetrics.Damaged();
        throw new DamagedBytesException($"the key of file {file}");
    }

    private void Remember(FileId file, byte[] key)
    {
        MakeRoom();
        _known[file] = key;
    }

    private void MakeRoom()
    {
        if (_known.Count >= MostKnown)
            _known.Clear();
    }

    [LoggerMessage(360, LogLevel.Error, "The key of {File} could not be opened with the key {KeyId}: it is not among the keys of this server, or it is another one of the same name")]
    private static partial void NoKey(ILogger log, FileId file, string keyId);
}
