using System.IO.Compression;

namespace Hypersend.Server.Features.Imports;

/// <summary>An export in one ZIP file.</summary>
internal sealed class ZipImport : IImportSource
{
    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);

    public ZipImport(string path)
    {
        try
        {
            _zip = ZipFile.OpenRead(path);
            foreach (var entry in _zip.Entries)
                _entries.TryAdd(entry.FullName, entry);
        }
        catch (InvalidDataException exception)
        {
            throw new ImportRefusedException($"{path} is no export, or is not whole: it is neither a folder nor a ZIP file that can be read.", exception);
        }
    }

    public IReadOnlyCollection<string> Names => _entries.Keys;

    public Stream Open(string name) => _entries[name].Open();

    public void Dispose() => _zip.Dispose();
}
