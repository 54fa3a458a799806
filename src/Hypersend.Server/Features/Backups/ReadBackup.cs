using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Hypersend.Server.Features.Backups;

/// <summary>
/// Reads a backup from its beginning to its end and holds everything against the manifest, which comes last: nothing missing, nothing
/// more, nothing changed, and that is known before the caller says that it is done.
/// </summary>
internal sealed class ReadBackup(IBackupSource source)
{
    private readonly Dictionary<string, BackupPart> _seen = new(StringComparer.Ordinal);

    public BackupOrigin? Origin { get; private set; }

    /// <summary>There once all was read and found whole.</summary>
    public BackupManifest? Manifest { get; private set; }

    /// <summary>The pieces but the first and the last; each is read to its end before the next, by the caller or here.</summary>
    public async IAsyncEnumerable<BackupPiece> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        byte[]? list = null;
        await foreach (var piece in source.ReadAsync(cancellation))
        {
            await using var bytes = new HashedStream(piece.Content, piece.Name);
            switch (piece.Short)
            {
                case "origin.json":
                    Origin = BackupJson.Read(await bytes.ToArrayAsync(cancellation), BackupJson.Default.BackupOrigin, piece.Name);
                    break;
                case "files.list.gz":
                    list = await bytes.ToArrayAsync(cancellation);
                    break;
                case "manifest.json":
                    var manifest = BackupJson.Read(await bytes.ToArrayAsync(cancellation), BackupJson.Default.BackupManifest, piece.Name);
                    await CompareAsync(manifest, list ?? throw Missing(BackupNames.List(piece.Run)), cancellation);
                    Manifest = manifest;
                    yield break;
                default:
                    if (Origin is null)
                        throw Missing(BackupNames.Origin(piece.Run));
                    yield return piece with { Content = bytes };
                    break;
            }

            await bytes.CopyToAsync(Stream.Null, cancellation);
            _seen[piece.Name] = new BackupPart(piece.Name, bytes.Position, bytes.Sha256());
        }

        throw new BackupRefusedException("This backup is cut short: its manifest, which is written last, is missing.");
    }

    /// <summary>Reads all of it, and nothing else.</summary>
    public async Task<BackupManifest> VerifyAsync(BackupProgress progress, CancellationToken cancellation)
    {
        progress.Begin("read");
        await foreach (var piece in ReadAsync(cancellation))
        {
            await using var counted = new CountedStream(piece.Content, length: null, progress);
            await counted.CopyToAsync(Stream.Null, cancellation);
        }

        return Manifest!;
    }

    private async Task CompareAsync(BackupManifest manifest, byte[] list, CancellationToken cancellation)
    {
        foreach (var part in manifest.Parts)
            Compare(part);
        await foreach (var part in BackupFolder.ReadListAsync(new MemoryStream(list), cancellation))
            Compare(part);
    }

    private void Compare(BackupPart expected)
    {
        if (!_seen.TryGetValue(expected.Name, out var seen))
            throw Missing(expected.Name);
        if (seen != expected)
            throw new BackupRefusedException($"{expected.Name} is damaged: its hash is not the one that was written down.");
    }

    private static BackupRefusedException Missing(string name) => new($"{name} is missing: this backup is not whole.");

    /// <summary>Hashes what is read through it; what ends too early is a damaged backup.</summary>
    private sealed class HashedStream(Stream inner, string name) : PullStream
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public string Sha256() => Convert.ToHexStringLower(_hash.GetCurrentHash());

        public async Task<byte[]> ToArrayAsync(CancellationToken cancellation)
        {
            using var bytes = new MemoryStream();
            await CopyToAsync(bytes, cancellation);
            return bytes.ToArray();
        }

        protected override async ValueTask<int> PullAsync(Memory<byte> buffer, CancellationToken cancellation)
        {
            try
            {
                var count = await inner.ReadAsync(buffer, cancellation);
                _hash.AppendData(buffer.Span[..count]);
                return count;
            }
            catch (EndOfStreamException exception)
            {
                throw new BackupRefusedException($"{name} is cut short: this backup is not whole.", exception);
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _hash.Dispose();
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
