using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform.Files;

namespace Hypersend.Server.Engines.Blobs.Disk;

/// <summary>Pictures in a folder: written aside, flushed, renamed, the folder flushed, so that a name always means whole bytes.</summary>
internal sealed class DiskAvatarFiles(string root) : IAvatarFiles
{
    private readonly string _folder = Path.Combine(root, "avatars");

    public async Task KeepAsync(string hash, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var path = PathOf(hash);
        if (File.Exists(path))
            return;
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        var aside = $"{path}.{Path.GetRandomFileName()}";
        await using (var file = new FileStream(aside, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: false))
        {
            await file.WriteAsync(bytes, cancellation);
            file.Flush(flushToDisk: true);
        }

        File.Move(aside, path, overwrite: true);
        using var handle = new FolderHandle(folder);
        handle.Flush();
    }

    public Task<Stream?> OpenAsync(string hash, CancellationToken cancellation)
    {
        var path = PathOf(hash);
        return Task.FromResult<Stream?>(File.Exists(path) ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete) : null);
    }

    // Only hashes of our own making come here: 64 hex digits, never a name somebody sent.
    private string PathOf(string hash) => Path.Combine(_folder, hash[..2], hash);
}
