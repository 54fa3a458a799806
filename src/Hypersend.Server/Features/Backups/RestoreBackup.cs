using System.IO.Compression;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform;

namespace Hypersend.Server.Features.Backups;

internal sealed record RestoreWishes
{
    /// <summary>What is there goes.</summary>
    public bool Replace { get; init; }

    public bool SignOutEverybody { get; init; }
}

/// <summary>What was restored, and what the operator still has to do.</summary>
internal sealed record Restored(BackupManifest Manifest, string Epoch, IReadOnlyList<string> Sentences);

/// <summary>
/// Puts a backup into an empty database and its store, whichever engines they are. Until the last step the database says of itself
/// that it is not whole, and no server serves it; begun again, it begins with an empty one.
/// </summary>
internal sealed class RestoreBackup(IRestoreTables tables, IBlobStore blobs, IAvatarFiles pictures, ServerKeys keys, EngineNames engines, TimeProvider clock)
{
    private static readonly TimeSpan LeavingPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LeavingPause = TimeSpan.FromMilliseconds(250);

    public Task<RestoreState> StateAsync(CancellationToken cancellation) => tables.StateAsync(cancellation);

    public async Task<Restored> HandleAsync(IBackupSource source, RestoreWishes wishes, BackupProgress progress, CancellationToken cancellation)
    {
        if (await tables.StateAsync(cancellation) == RestoreState.Used && !wishes.Replace)
            throw new BackupRefusedException("There is somebody in this database already. Restore into an empty one, or say --replace: then all that is there goes.");
        await AloneAsync(progress, cancellation);
        var reading = new ReadBackup(source);
        await using var files = new RestoreFiles(tables, blobs, pictures);
        var sentences = new List<string>();
        var (hasBegun, isLoaded) = (false, false);
        await foreach (var piece in reading.ReadAsync(cancellation))
        {
            if (!hasBegun)
                await BeginAsync(reading.Origin!, progress, cancellation);
            hasBegun = true;
            await using var content = new CountedStream(piece.Content, length: null, progress);
            if (piece.Name.StartsWith(BackupNames.Tables(piece.Run), StringComparison.Ordinal))
            {
                await LoadAsync(piece.Name, content, keepPlaces: !reading.Origin!.HasFiles, cancellation);
                continue;
            }

            if (!isLoaded)
                await tables.LoadedAsync(cancellation);
            isLoaded = true;
            if (piece.Name == BackupNames.Keys(piece.Run))
                sentences.AddRange(await WriteKeysAsync(piece.Name, content, cancellation));
            else
                await files.TakeAsync(piece.Name, content, piece.Name.StartsWith(BackupNames.Pictures, StringComparison.Ordinal), cancellation);
        }

        // Also where there was nothing but rows.
        await tables.LoadedAsync(cancellation);
        await files.FinishAsync(cancellation);
        var epoch = Guid.CreateVersion7(clock.GetUtcNow()).ToString("N");
        await tables.FinishAsync(epoch, wishes.SignOutEverybody, cancellation);
        return new Restored(reading.Manifest!, epoch, sentences);
    }

    /// <summary>A server that runs on would serve what it remembers from a database that is gone. One that was just stopped has a moment to leave.</summary>
    private async Task AloneAsync(BackupProgress progress, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        for (var isSaid = false; await tables.ServersAsync(cancellation) is > 0 and var lines; isSaid = true)
        {
            if (clock.GetElapsedTime(began) > LeavingPatience)
                throw new BackupRefusedException($"Servers run on this database: they have {lines} connections. Stop every node, and begin again.");
            if (!isSaid)
                progress.Say("Waiting for servers to leave this database.");
            await Task.Delay(LeavingPause, clock, cancellation);
        }
    }

    private async Task BeginAsync(BackupOrigin origin, BackupProgress progress, CancellationToken cancellation)
    {
        if (!origin.HasFiles && origin.Storage != engines.Storage)
        {
            throw new BackupRefusedException(
                $"The bytes of files are not in this backup: they lie in a {origin.Storage} store, and STORAGE_URL names another kind. Name a copy of that one.");
        }

        await tables.ClearAsync(cancellation);
        await tables.BeginAsync(origin.Schema, $"{origin.MadeAt:u} {origin.MadeBy}", cancellation);
        progress.Begin("restored");
    }

    private async Task LoadAsync(string name, Stream content, bool keepPlaces, CancellationToken cancellation)
    {
        using var lines = new MemoryStream();
        try
        {
            await using var gzip = new GZipStream(content, CompressionMode.Decompress);
            await gzip.CopyToAsync(lines, cancellation);
        }
        catch (InvalidDataException exception)
        {
            throw new BackupRefusedException($"{name} is damaged.", exception);
        }

        await tables.LoadAsync(lines.GetBuffer().AsMemory(0, (int)lines.Length), keepPlaces, cancellation);
    }

    private async Task<IReadOnlyList<string>> WriteKeysAsync(string name, Stream content, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancellation);
        return keys.Write(BackupJson.Read(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), BackupJson.Default.DictionaryStringString, name), clock.GetUtcNow());
    }
}
