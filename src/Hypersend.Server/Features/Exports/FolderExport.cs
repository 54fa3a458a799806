using Hypersend.Server.Platform.Files;

namespace Hypersend.Server.Features.Exports;

/// <summary>A new folder; it gets its name when all is in it.</summary>
internal sealed class FolderExport : IExportTarget
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _path;
    private readonly string _aside;

    public FolderExport(string path)
    {
        _path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        _aside = _path + ".part";
        if (Directory.Exists(_path) || File.Exists(_path))
            throw new IOException($"{_path} is there already. An export wants a new name.");
        if (Directory.Exists(_aside))
            Directory.Delete(_aside, recursive: true);
        Make(_aside);
    }

    public async Task PutAsync(string name, Func<Stream, Task> write)
    {
        var path = Path.Combine(_aside, name);
        Make(Path.GetDirectoryName(path)!);
        try
        {
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 64 * 1024);
            await write(file);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    public Task FinishAsync()
    {
        using (var made = new FolderHandle(_aside))
            made.FlushFileSystem();
        Directory.Move(_aside, _path);
        using var parent = new FolderHandle(Path.GetDirectoryName(_path)!);
        parent.Flush();
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static void Make(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerOnly);
    }
}
