using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform.Files;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Engines.Blobs.Disk;

/// <summary>Pictures in a folder: written aside, flushed, renamed, the folder flushed, so that a name always means whole bytes.</summary>
internal sealed class DiskAvatarFiles(string root) : IAvatarFiles
{
    private const int NoSpace = 28; // ENOSPC

    private readonly string _folder = Path.Combine(root, "avatars");

    public async Task KeepAsync(string hash, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var path = PathOf(hash);
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        if (!File.Exists(path))
            await WriteAsync(path, bytes, cancellation);

        // Also when it was there: whoever wrote it may not have come this far. Folders may be new, each a name in its parent.
        Flush(folder);
        Flush(_folder);
        Flush(root);
    }

    public Task<Stream?> OpenAsync(string hash, CancellationToken cancellation)
    {
        var path = PathOf(hash);
        return Task.FromResult<Stream?>(File.Exists(path) ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete) : null);
    }

    private static async Task WriteAsync(string path, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var aside = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            await using (var file = new FileStream(aside, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: false))
            {
                await file.WriteAsync(bytes, cancellation);
                file.Flush(flushToDisk: true);
            }

            File.Move(aside, path, overwrite: true);
        }
        catch (IOException exception) when (exception.HResult == NoSpace)
        {
            throw new StorageFullException(exception);
        }
        finally
        {
            File.Delete(aside);
        }
    }

    private static void Flush(string folder)
    {
        using var handle = new FolderHandle(folder);
        handle.Flush();
    }

    // Only hashes of our own making come here: 64 hex digits, never a name somebody sent.
    private string PathOf(string hash) => Path.Combine(_folder, hash[..2], hash);
}
