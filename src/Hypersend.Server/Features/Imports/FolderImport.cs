namespace Hypersend.Server.Features.Imports;

/// <summary>An export in a folder.</summary>
internal sealed class FolderImport : IImportSource
{
    private readonly string _path;

    public FolderImport(string path)
    {
        _path = Path.GetFullPath(path);
        Names = Directory.EnumerateFiles(_path, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(_path, file).Replace(Path.DirectorySeparatorChar, '/'))
            .ToHashSet(StringComparer.Ordinal);
    }

    public IReadOnlyCollection<string> Names { get; }

    public Stream Open(string name) => File.OpenRead(Path.Combine(_path, name));

    public void Dispose()
    {
    }
}
