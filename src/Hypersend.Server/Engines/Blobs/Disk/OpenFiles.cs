using Hypersend.Contracts.Ids;
using Microsoft.Win32.SafeHandles;

namespace Hypersend.Server.Engines.Blobs.Disk;

/// <summary>The files that are being written, each open once however many parts are on their way, and closed with the last.</summary>
internal sealed class OpenFiles(DiskCalls calls, DiskThreads flushing)
{
    private readonly Dictionary<FileId, SharedFile> _open = [];

    public async ValueTask<SharedFile> TakeAsync(FileId id, string path, CancellationToken cancellation)
    {
        if (Find(id) is { } open)
            return open;
        var handle = await flushing.RunAsync(
            () => File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete), cancellation);
        return Add(id, path, handle);
    }

    /// <summary>One more user of a file that is open.</summary>
    public void Keep(SharedFile file)
    {
        lock (_open)
            file.Users++;
    }

    public void Return(SharedFile file)
    {
        lock (_open)
        {
            if (--file.Users > 0)
                return;
            Forget(file);
        }

        file.Dispose();
    }

    /// <summary>Nobody gets this handle any more; those who have it keep it to their end.</summary>
    public void GiveUp(SharedFile file)
    {
        lock (_open)
            Forget(file);
    }

    public void GiveUp(FileId id)
    {
        lock (_open)
            _open.Remove(id);
    }

    private SharedFile? Find(FileId id)
    {
        lock (_open)
        {
            if (!_open.TryGetValue(id, out var open))
                return null;
            open.Users++;
            return open;
        }
    }

    private SharedFile Add(FileId id, string path, SafeFileHandle handle)
    {
        lock (_open)
        {
            if (!_open.TryGetValue(id, out var open))
            {
                open = new SharedFile(id, path, handle, calls, this, flushing) { Users = 1 };
                _open.Add(id, open);
                return open;
            }

            open.Users++;
            // Somebody was quicker.
            handle.Dispose();
            return open;
        }
    }

    private void Forget(SharedFile file)
    {
        if (_open.TryGetValue(file.Id, out var open) && open == file)
            _open.Remove(file.Id);
    }
}
