namespace Hypersend.Cli.Profiles;

/// <summary>A turn among processes: whoever has the lock file open has it, also when it dies with it.</summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(20);

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Waits for the turn; null when it does not come within the patience.</summary>
    public static async Task<FileLock?> TakeAsync(string path, TimeSpan patience, TimeProvider clock, CancellationToken cancellation)
    {
        ConfigFolder.Make(Path.GetDirectoryName(path)!);
        var began = clock.GetTimestamp();
        while (true)
        {
            if (Try(path) is { } taken)
                return taken;
            if (clock.GetElapsedTime(began) > patience)
                return null;
            await Task.Delay(AskAgain, clock, cancellation);
        }
    }

    /// <summary>The turn, or null when somebody else has it.</summary>
    public static FileLock? Try(string path)
    {
        try
        {
            return new FileLock(new FileStream(path, WholeFile.Options(FileMode.OpenOrCreate, FileShare.None)));
        }
        catch (IOException exception) when (exception.GetType() == typeof(IOException) && File.Exists(path))
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();
}
