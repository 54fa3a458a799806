using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Features.Users;

namespace Hypersend.Server.Features.Backups;

/// <summary>Copies the bytes that the rows of a backup name, as far as an earlier run has not, and lists all of them with their hashes.</summary>
internal sealed class CopyFiles(IBackupTables tables, IBlobStore blobs, IAvatarFiles pictures, IBackupTarget target, BackupProgress progress, string run) : IDisposable
{
    private const int ChunksAtOnce = 2_000;
    private const int FilesAtOnce = 500;

    private readonly MemoryStream _packed = new();
    private readonly Lock _gate = new();
    private readonly List<string> _damaged = [];
    private GZipStream? _list;

    public IReadOnlyList<string> Damaged => _damaged;

    public long Files { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Bytes that were not here from an earlier run.</summary>
    public long Copied { get; private set; }

    /// <summary>How many bytes will have to be copied.</summary>
    public long Missing(BackupMoment moment) => moment.Blobs.Where(blob => blob.Open is not null || target.Kept(BackupNames.File(blob.Id), blob.Bytes) is null).Sum(blob => blob.Bytes);

    /// <summary>Copies everything and gives the list.</summary>
    public async Task<byte[]> CopyAsync(BackupMoment moment, CancellationToken cancellation)
    {
        _list = new GZipStream(_packed, CompressionLevel.Fastest, leaveOpen: true);
        for (var at = 0; at < moment.Blobs.Count;)
        {
            var batch = new List<StoredBlob>();
            for (var chunks = 0; at < moment.Blobs.Count && batch.Count < FilesAtOnce && chunks < ChunksAtOnce; at++)
            {
                batch.Add(moment.Blobs[at]);
                chunks += moment.Blobs[at].Chunks;
            }

            var wanted = batch.Where(blob => blob.Bytes > 0 && !TakeKept(blob)).ToList();
            var rows = await tables.ChunksAsync([.. wanted.Select(blob => blob.No)], cancellation);
            var options = new ParallelOptions { MaxDegreeOfParallelism = target.AtOnce, CancellationToken = cancellation };
            await Parallel.ForEachAsync(wanted, options, async (blob, token) => await CopyAsync(blob, [.. rows[blob.No]], token));
            foreach (var blob in batch.Where(blob => blob.Thumbnail is not null))
            {
                var name = BackupNames.Aside(blob.Id, blob.Thumbnail!);
                await CopySmallAsync(name, mayBeGone: true, () => blobs.OpenAsideAsync(blob.Id, blob.Thumbnail!, cancellation), cancellation);
            }
        }

        foreach (var hash in moment.Pictures)
            await CopySmallAsync(BackupNames.Picture(hash), mayBeGone: false, () => pictures.OpenAsync(hash, cancellation), cancellation);
        await _list.DisposeAsync();
        return _packed.ToArray();
    }

    public void Dispose()
    {
        _list?.Dispose();
        _packed.Dispose();
    }

    private bool TakeKept(StoredBlob blob)
    {
        if (blob.Open is not null || target.Kept(BackupNames.File(blob.Id), blob.Bytes) is not { } part)
            return false;
        Note(part, copied: false);
        return true;
    }

    private async Task CopyAsync(StoredBlob blob, IReadOnlyList<ChunkRow> rows, CancellationToken cancellation)
    {
        // An upload may have grown since; what it had then is what its rows in the backup say.
        var chunks = blob.Open is { } open ? [.. rows.Where(row => open.Contains(row.Chunk))] : rows;
        var name = blob.Open is null ? BackupNames.File(blob.Id) : BackupNames.Open(run, blob.Id);
        if (await FindUnvouchedAsync(blob, chunks, name, cancellation) is { } there)
        {
            Note(there, copied: false);
            return;
        }

        await using var bytes = new StoredBytes(blobs, blob.Id, blob.ChunkSize, chunks, blob.Bytes);
        await using var counted = new CountedStream(bytes, blob.Bytes, progress);
        await target.PutAsync(name, blob.Bytes, counted, () => !bytes.IsDamaged, cancellation);
        if (bytes.IsDamaged)
            NoteDamaged(blob.Id.ToString());
        else
            Note(new BackupPart(name, blob.Bytes, bytes.Sha256()), copied: true);
    }

    /// <summary>What a run left that was interrupted is read once more and held against the rows: that is quicker than to send it again.</summary>
    private async Task<BackupPart?> FindUnvouchedAsync(StoredBlob blob, IReadOnlyList<ChunkRow> chunks, string name, CancellationToken cancellation)
    {
        if (blob.Open is not null || target.OpenUnvouched(name, blob.Bytes) is not { } opened)
            return null;
        await using var there = opened;
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        try
        {
            foreach (var chunk in chunks)
            {
                var bytes = new byte[chunk.Length];
                await there.ReadExactlyAsync(bytes, cancellation);
                if (!SHA256.HashData(bytes).AsSpan().SequenceEqual(chunk.Sha256))
                    return null;
                whole.AppendData(bytes);
            }
        }
        catch (Exception exception) when (exception is IOException or BackupRefusedException)
        {
            return null;
        }

        progress.Add(blob.Bytes);
        return new BackupPart(name, blob.Bytes, Convert.ToHexStringLower(whole.GetHashAndReset()));
    }

    private async Task CopySmallAsync(string name, bool mayBeGone, Func<Task<Stream?>> open, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        await using (var stream = await open())
        {
            if (stream is null)
            {
                // A picture of a file may have been replaced since.
                if (!mayBeGone)
                    NoteDamaged(name);
                return;
            }

            await stream.CopyToAsync(bytes, cancellation);
        }

        var part = new BackupPart(name, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length))));
        if (target.Kept(name, part.Length) is { } kept && kept.Sha256 == part.Sha256)
        {
            Note(kept, copied: false);
            return;
        }

        bytes.Position = 0;
        await target.PutAsync(name, part.Length, bytes, keep: null, cancellation);
        Note(part, copied: true);
    }

    private void Note(BackupPart part, bool copied)
    {
        lock (_gate)
        {
            _list!.Write(Encoding.UTF8.GetBytes($"{part.Sha256} {part.Length} {part.Name}\n"));
            Files++;
            Bytes += part.Length;
            Copied += copied ? part.Length : 0;
        }
    }

    private void NoteDamaged(string what)
    {
        lock (_gate)
            _damaged.Add(what);
        progress.Say($"damaged or missing, and not in the backup: {what}");
    }
}
