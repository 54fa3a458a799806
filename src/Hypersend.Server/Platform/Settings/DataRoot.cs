namespace Hypersend.Server.Platform.Settings;

/// <summary>
/// The folder of everything this server keeps. One process at a time holds it: two writers of one SQLite file, or two
/// sweepers of one blob folder, would undo each other's work.
/// </summary>
internal sealed class DataRoot : IDisposable
{
    private readonly FileStream _lock;

    private DataRoot(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    public string Path { get; }

    /// <summary>Makes the folder, for its owner only, and holds it until disposed.</summary>
    public static DataRoot Claim(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new WrongSettingsException([$"DATA_ROOT={path}: it must be a folder this user may write ({exception.Message})."]);
        }

        var name = System.IO.Path.Combine(path, "hypersend.lock");
        try
        {
            return new DataRoot(path, new FileStream(name, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            throw new WrongSettingsException([$"DATA_ROOT={path}: another hypersend-server uses it. Stop that one, or give this one a folder of its own."]);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new WrongSettingsException([$"DATA_ROOT={path}: it must be a folder this user may write ({exception.Message})."]);
        }
    }

    public void Dispose() => _lock.Dispose();
}
