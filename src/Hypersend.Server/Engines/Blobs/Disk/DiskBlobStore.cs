using System.Runtime.CompilerServices;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;

namespace Hypersend.Server.Engines.Blobs.Disk;

/// <summary>
/// Files in a folder: <c>files/&lt;last two digits of the id&gt;/&lt;id&gt;</c>, sparse until their parts have come, and what is
/// kept aside in <c>&lt;id&gt;.aside</c>. The end of an id is chance, its beginning is the time.
/// </summary>
internal sealed partial class DiskBlobStore : IBlobStore, IContinuedBlobs, IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // What is written stands back behind who chats. It is some work for each 256 KiB, so that it goes on also where others want all
    // processors.
    private const int Bulk = 19;

    // Copying into the page cache is work for the processor, and one core is left to those who chat. Flushes and reads wait.
    private readonly DiskThreads _writing = new("blob write", Math.Max(1, Environment.ProcessorCount - 1), Bulk);
    private readonly DiskThreads _flushing = new("blob flush", 4, Bulk);

    // These wait for the disk and work little: at the others' niceness a busy processor left the disk idle.
    private readonly DiskThreads _direct = new("blob direct", 4);
    private readonly DiskThreads _reading = new("blob read", 4);
    private readonly AlignedBuffers _buffers = new();
    private readonly ReadFiles _read = new();
    private readonly DiskCalls _calls;
    private readonly OpenFiles _open;
    private readonly long _directFrom;
    private readonly string _root;
    private readonly string _files;
    private readonly FreeSpace _free;
    private readonly bool[] _durableFolders = new bool[256];

    /// <param name="directFrom">
    /// What lies from here on in a file goes past the page cache. What is before it does not: a photograph is read by those it
    /// was sent to as soon as it has come, and a film is looked at from its beginning.
    /// </param>
    public DiskBlobStore(string root, TimeProvider clock, DiskCalls? calls = null, long directFrom = 64 << 20)
    {
        _directFrom = directFrom;
        _root = Path.GetFullPath(root);
        _files = Path.Combine(_root, "files");
        _calls = calls ?? new DiskCalls();
        _free = new FreeSpace(_root, _calls, clock);
        _open = new OpenFiles(_calls, _flushing);
    }

    public long? FreeBytes => _free.Bytes;

    public Task CreateAsync(FileId file, CancellationToken cancellation) => _flushing.RunAsync(() => Create(file), cancellation);

    public async ValueTask<IBlobWrite> WriteAsync(FileId file, BlobPlace place, CancellationToken cancellation) =>
        Write(await _open.TakeAsync(file, PathOf(file), cancellation), place);

    public async ValueTask<IBlobWrite> ContinueAsync(FileId file, BlobPlace place, int from, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, place.Length);
        var rest = place with { Offset = place.Offset + from, Length = place.Length - from };
        return Write(await _open.TakeAsync(file, PathOf(file), cancellation), rest);
    }

    public async Task GiveBackAsync(FileId file, BlobPlace place, CancellationToken cancellation)
    {
        var open = await _open.TakeAsync(file, PathOf(file), cancellation);
        try
        {
            await _flushing.RunAsync(() => _calls.PunchHole(open.Handle, place.Offset, place.Length), cancellation);
        }
        finally
        {
            _open.Return(open);
        }
    }

    public async ValueTask<IBlobReader> OpenAsync(FileId file, CancellationToken cancellation)
    {
        var path = PathOf(file);
        var handle = await _reading.RunAsync(
            () => File.Exists(path) ? File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete) : null,
            cancellation);
        return handle is null ? throw new FileNotFoundException("Nothing is kept of this file.") : new DiskBlobReader(file, handle, _calls, _reading, _read);
    }

    public Task DeleteAsync(FileId file, CancellationToken cancellation)
    {
        _open.GiveUp(file);
        return _flushing.RunAsync(() => Delete(file), cancellation);
    }

    public async IAsyncEnumerable<FileId> ListAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var folders = await _reading.RunAsync<string[]>(() => Directory.Exists(_files) ? Directory.GetDirectories(_files) : [], cancellation);
        foreach (var folder in folders)
        {
            // A folder at a time: a few thousand names, and no thread is held while the caller looks at them.
            foreach (var file in await _reading.RunAsync(() => Found(folder), cancellation))
                yield return file;
        }
    }

    string? IBlobStore.PathOf(FileId file) => PathOf(file);

    public string PathOf(FileId file)
    {
        var name = file.ToString();
        return Path.Combine(_files, name[^2..], name);
    }

    public void Dispose()
    {
        _writing.Dispose();
        _direct.Dispose();
        _flushing.Dispose();
        _reading.Dispose();
    }

    // Who reads a file that is still coming gets it from the memory: from the disk it would come too late.
    private IBlobWrite Write(SharedFile open, BlobPlace place) =>
        place.Offset >= _directFrom && !_read.Has(open.Id) && _buffers.TryTake() is { } buffer
            ? new DirectBlobWrite(open, _open, place, _direct, _free, _buffers, buffer)
            : new DiskBlobWrite(open, _open, place, _writing, _free);

    private void Create(FileId file)
    {
        var path = PathOf(file);
        var folder = DurableFolderOf(path);
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using (var made = new FileStream(path, options))
            made.Flush(flushToDisk: true);
        _calls.FlushFolder(folder);
    }

    /// <summary>The folder of a file, made when it is not there; its own name is durable when this returns.</summary>
    private string DurableFolderOf(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        var number = Convert.ToInt32(Path.GetFileName(folder), 16);
        if (_durableFolders[number] && Directory.Exists(folder))
            return folder;
        MakeFolder(folder);
        _calls.FlushFolder(_files);
        _calls.FlushFolder(_root);
        _durableFolders[number] = true;
        return folder;
    }

    private static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
    }

    private void Delete(FileId file)
    {
        var path = PathOf(file);
        if (!Directory.Exists(Path.GetDirectoryName(path)))
            return;
        _calls.Delete(path);
        if (Directory.Exists(AsideOf(path)))
            Directory.Delete(AsideOf(path), recursive: true);
    }

    private static List<FileId> Found(string folder)
    {
        var found = new List<FileId>();
        if (!Directory.Exists(folder))
            return found;
        foreach (var entry in Directory.EnumerateFileSystemEntries(folder))
        {
            var name = Path.GetFileName(entry);
            var isAside = name.EndsWith(AsideEnding, StringComparison.Ordinal);
            if (Guid.TryParseExact(isAside ? name[..^AsideEnding.Length] : name, "D", out var id)
                && !(isAside && File.Exists(entry[..^AsideEnding.Length])))
            {
                found.Add(new FileId(id));
            }
        }

        return found;
    }
}
