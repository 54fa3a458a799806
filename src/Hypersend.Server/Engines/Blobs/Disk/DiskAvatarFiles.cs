using Hypersend.Server.Features.Users;

namespace Hypersend.Server.Engines.Blobs.Disk;

/// <summary>Pictures in a folder, each under the hash of its bytes, so that a name always means whole bytes.</summary>
internal sealed class DiskAvatarFiles(string root) : IAvatarFiles, IDisposable
{
    private readonly DiskThreads _threads = new("picture", 2);
    private readonly string _folder = Path.Combine(root, "avatars");

    public Task KeepAsync(string hash, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        _threads.RunAsync(() => Keep(PathOf(hash), bytes.Span), cancellation);

    public Task<Stream?> OpenAsync(string hash, CancellationToken cancellation) =>
        _threads.RunAsync(() => WholeFile.Open(PathOf(hash)), cancellation);

    public void Dispose() => _threads.Dispose();

    private void Keep(string path, ReadOnlySpan<byte> bytes)
    {
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        if (!File.Exists(path))
            WholeFile.Keep(path, bytes);

        // Also when it was there: whoever wrote it may not have come this far. Folders may be new, each a name in its parent.
        WholeFile.FlushFolder(folder);
        WholeFile.FlushFolder(_folder);
        WholeFile.FlushFolder(root);
    }

    // Only hashes of our own making come here: 64 hex digits, never a name somebody sent.
    private string PathOf(string hash) => Path.Combine(_folder, hash[..2], hash);
}
