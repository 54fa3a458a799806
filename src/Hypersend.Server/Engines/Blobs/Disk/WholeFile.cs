using Hypersend.Server.Platform.Files;

namespace Hypersend.Server.Engines.Blobs.Disk;

/// <summary>Small files that are there whole or not at all: written aside, flushed, renamed, the folder flushed.</summary>
internal static class WholeFile
{
    /// <summary>Durable afterwards as far as its own folder goes; the folder's name in its parent is the caller's.</summary>
    public static void Keep(string path, ReadOnlySpan<byte> bytes)
    {
        var aside = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            using (var file = File.OpenHandle(aside, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                RandomAccess.Write(file, bytes, 0);
                RandomAccess.FlushToDisk(file);
            }

            File.Move(aside, path, overwrite: true);
        }
        finally
        {
            File.Delete(aside);
        }

        FlushFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Null when there is no such file.</summary>
    public static Stream? Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Makes the names in a folder durable.</summary>
    public static void FlushFolder(string folder)
    {
        using var handle = new FolderHandle(folder);
        handle.Flush();
    }
}
