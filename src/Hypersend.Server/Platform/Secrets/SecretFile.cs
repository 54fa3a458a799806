using Hypersend.Server.Platform.Files;

namespace Hypersend.Server.Platform.Secrets;

/// <summary>A file with one line of secret text, made once, readable by its owner alone, and durable before it is used.</summary>
internal static class SecretFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Reads the file; when it is absent, writes what <paramref name="make"/> returns first.</summary>
    public static string ReadOrCreate(string path, Func<string> make)
    {
        var full = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(full)!;
        if (File.Exists(full))
            return Read(full);
        if (!Directory.Exists(folder))
            CreateFolder(folder);
        if (OperatingSystem.IsWindows())
            return CreateOnWindows(full, make);
        // The lock is held on the folder itself: two processes (or threads) that start at once take turns,
        // and the second finds the first one's file instead of replacing a key that is already in use.
        using var handle = new FolderHandle(folder);
        handle.Lock();
        if (!File.Exists(full))
        {
            WriteDurably(full, make());
            handle.Flush();
        }
        return Read(full);
    }

    public static string? ReadIfPresent(string path) => File.Exists(path) ? Read(path) : null;

    private static string Read(string path) => File.ReadAllText(path).Trim();

    private static void CreateFolder(string folder)
    {
        Directory.CreateDirectory(folder);
        if (OperatingSystem.IsWindows() || Path.GetDirectoryName(folder) is not { } parent)
            return;
        using var handle = new FolderHandle(parent);
        handle.Flush();
    }

    private static void WriteDurably(string path, string text)
    {
        var temporary = path + ".tmp";
        File.Delete(temporary); // left by a process that died while it held the lock
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using (var stream = new FileStream(temporary, options))
        {
            using (var writer = new StreamWriter(stream, leaveOpen: true))
                writer.Write(text + "\n");
            stream.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
    }

    private static string CreateOnWindows(string path, Func<string> make)
    {
        WriteDurably(path, make());
        return Read(path);
    }
}
