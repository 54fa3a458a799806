using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Engines.Blobs.Disk;

/// <summary>What is kept beside a file: small, and whole or not there.</summary>
internal sealed partial class DiskBlobStore
{
    private const string AsideEnding = ".aside";

    public Task KeepAsideAsync(FileId file, string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        AsideName.Check(name);
        return _flushing.RunAsync(
            () =>
            {
                var path = PathOf(file);
                var folder = DurableFolderOf(path);
                MakeFolder(AsideOf(path));
                WholeFile.Keep(Path.Combine(AsideOf(path), name), bytes.Span);
                _calls.FlushFolder(folder);
            },
            cancellation);
    }

    public Task<Stream?> OpenAsideAsync(FileId file, string name, CancellationToken cancellation)
    {
        AsideName.Check(name);
        var path = Path.Combine(AsideOf(PathOf(file)), name);
        return _reading.RunAsync(() => WholeFile.Open(path), cancellation);
    }

    public Task DeleteAsideAsync(FileId file, string name, CancellationToken cancellation)
    {
        AsideName.Check(name);
        var folder = AsideOf(PathOf(file));
        return _flushing.RunAsync(
            () =>
            {
                if (Directory.Exists(folder))
                    File.Delete(Path.Combine(folder, name));
            },
            cancellation);
    }

    private static string AsideOf(string path) => path + AsideEnding;
}
