using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform;

namespace Hypersend.Server.Features.Backups;

internal sealed record BackupWishes
{
    public bool Files { get; init; } = true;

    public bool Keys { get; init; } = true;
}

/// <summary>
/// Makes a backup beside a server that runs: all rows of one moment first, then the bytes they name, then the keys. The lease keeps
/// those bytes where they are until the end.
/// </summary>
internal sealed class MakeBackup(
    IBackupTables tables, IBlobStore blobs, IAvatarFiles pictures, IBackupLease lease, ServerKeys keys, EngineNames engines, TimeProvider clock)
{
    private const int PartsAhead = 4;

    /// <param name="open">Opens the place once nobody else makes a backup of this server.</param>
    /// <param name="wishes">What belongs to it.</param>
    /// <param name="progress">Where it says how far it is.</param>
    /// <param name="cancellation">Ends it; what was copied stays for the next run in the same folder.</param>
    public async Task<BackupManifest> HandleAsync(
        Func<CancellationToken, Task<IBackupTarget>> open, BackupWishes wishes, BackupProgress progress, CancellationToken cancellation)
    {
        if (await tables.SchemaAsync(cancellation) is not { } schema)
            throw new BackupRefusedException("There is nothing to back up: this database has no tables of Hypersend.");
        await using var turn = await BackupTurn.TakeAsync(lease, clock, () => progress.Say("Another backup was begun. Waiting until it ends, or until its lease does."), cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, turn.Lost);
        try
        {
            await using var target = await open(stop.Token);
            return await MakeAsync(target, schema, wishes, progress, stop.Token);
        }
        catch (OperationCanceledException) when (turn.Lost.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new BackupRefusedException("The database was away for so long that the lease of this backup ended. Begin again.");
        }
    }

    private async Task<BackupManifest> MakeAsync(IBackupTarget target, int schema, BackupWishes wishes, BackupProgress progress, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var run = BackupNames.Run(now);
        var parts = new List<BackupPart>();
        var origin = new BackupOrigin
        {
            MadeBy = ServerVersion.Text,
            MadeAt = now,
            Engine = tables.Engine,
            Storage = engines.Storage,
            Schema = schema,
            HasFiles = wishes.Files,
            HasKeys = wishes.Keys,
        };
        await PutAsync(target, parts, BackupNames.Origin(run), JsonSerializer.SerializeToUtf8Bytes(origin, BackupJson.Default.BackupOrigin), cancellation);

        progress.Begin("database");
        var rows = new ConcurrentDictionary<string, long>();
        var moment = await CopyTablesAsync(target, run, schema, parts, rows, progress, cancellation);
        using var copy = new CopyFiles(tables, blobs, pictures, target, progress, run);
        byte[] list = [];
        if (wishes.Files)
        {
            var missing = copy.Missing(moment);
            if (target.FreeBytes is { } free && free < missing)
                throw new BackupRefusedException($"There is no room: {BackupProgress.Size(missing)} of files have to be copied, and {BackupProgress.Size(free)} are free.");
            progress.Begin("files", missing);
            list = await copy.CopyAsync(moment, cancellation);
        }

        if (wishes.Keys)
            await PutAsync(target, parts, BackupNames.Keys(run), JsonSerializer.SerializeToUtf8Bytes(keys.Read(), BackupJson.Default.DictionaryStringString), cancellation);
        await PutAsync(target, parts, BackupNames.List(run), list.Length > 0 ? list : Pack([]), cancellation);
        var manifest = new BackupManifest
        {
            Origin = origin,
            Epoch = moment.Epoch,
            Rows = rows.OrderBy(table => table.Key, StringComparer.Ordinal).ToDictionary(),
            Parts = parts,
            Files = copy.Files,
            FileBytes = copy.Bytes,
            Damaged = copy.Damaged,
        };
        await target.FinishAsync(BackupNames.Manifest(run), JsonSerializer.SerializeToUtf8Bytes(manifest, BackupJson.Default.BackupManifest), cancellation);
        return manifest;
    }

    /// <summary>The rows are read on one thread, and packed and written on another: the moment they are of is held no longer than that takes.</summary>
    private async Task<BackupMoment> CopyTablesAsync(
        IBackupTarget target, string run, int schema, List<BackupPart> parts, ConcurrentDictionary<string, long> rows, BackupProgress progress, CancellationToken cancellation)
    {
        using var queue = new BlockingCollection<TablePart>(PartsAhead);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var writing = Task.Run(
            async () =>
            {
                try
                {
                    foreach (var part in queue.GetConsumingEnumerable(stop.Token))
                    {
                        await PutAsync(target, parts, BackupNames.Table(run, part.Table, part.Number), Pack(part.Lines.Span), stop.Token);
                        rows.AddOrUpdate(part.Table, part.Rows, (_, before) => before + part.Rows);
                        progress.Add(part.Lines.Length);
                    }
                }
                catch
                {
                    // Whoever reads must not wait for ever to hand out the next part.
                    await stop.CancelAsync();
                    throw;
                }
            },
            CancellationToken.None);
        try
        {
            return await tables.ReadAsync(schema, part => queue.Add(part, stop.Token), stop.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            await writing;
            throw;
        }
        finally
        {
            queue.CompleteAdding();
            await writing;
        }
    }

    private static byte[] Pack(ReadOnlySpan<byte> lines)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(lines);
        return packed.ToArray();
    }

    private static async Task PutAsync(IBackupTarget target, List<BackupPart> parts, string name, byte[] bytes, CancellationToken cancellation)
    {
        await target.PutAsync(name, bytes.Length, new MemoryStream(bytes), keep: null, cancellation);
        parts.Add(new BackupPart(name, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))));
    }
}
