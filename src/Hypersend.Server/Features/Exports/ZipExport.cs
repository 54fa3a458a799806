using System.IO.Compression;
using Hypersend.Server.Platform.Files;

namespace Hypersend.Server.Features.Exports;

/// <summary>One ZIP file; it gets its name when all is in it. Texts are packed, files stay as they are.</summary>
internal sealed class ZipExport : IExportTarget
{
    private readonly string _path;
    private readonly string _aside;
    private readonly FileStream _file;
    private readonly ZipArchive _zip;

    public ZipExport(string path)
    {
        _path = Path.GetFullPath(path);
        _aside = _path + ".part";
        if (Directory.Exists(_path) || File.Exists(_path))
            throw new IOException($"{_path} is there already. An export wants a new name.");
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.ReadWrite };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        _file = new FileStream(_aside, options);
        _zip = new ZipArchive(_file, ZipArchiveMode.Create, leaveOpen: true);
    }

    public async Task PutAsync(string name, Func<Stream, Task> write)
    {
        var isText = name.EndsWith(".json", StringComparison.Ordinal) || name.EndsWith(".jsonl", StringComparison.Ordinal);
        var entry = _zip.CreateEntry(name, isText ? CompressionLevel.Optimal : CompressionLevel.NoCompression);
        await using var stream = await entry.OpenAsync();
        await write(stream);
    }

    public async Task FinishAsync()
    {
        await _zip.DisposeAsync();
        _file.Flush(flushToDisk: true);
        await _file.DisposeAsync();
        File.Move(_aside, _path);
        using var folder = new FolderHandle(Path.GetDirectoryName(_path)!);
        folder.Flush();
    }

    public async ValueTask DisposeAsync()
    {
        // Once it is finished both are closed already.
        if (!_file.CanWrite)
            return;
        await _zip.DisposeAsync();
        await _file.DisposeAsync();
        File.Delete(_aside);
    }
}
