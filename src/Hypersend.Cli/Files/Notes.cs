using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hypersend.Cli.Profiles;

namespace Hypersend.Cli.Files;

/// <summary>
/// What has to be known to go on with something when its process is gone: a small file each, beside the credentials, on the disk
/// before anything is begun.
/// </summary>
internal sealed class Notes<T>(string folder, JsonTypeInfo<T> type)
    where T : class
{
    private const string Ending = ".json";

    /// <summary>The name of a note: of whatever tells one thing from another.</summary>
    public static string KeyOf(params object?[] parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))))[..32];

    public T? Find(string key) => Read(PathOf(key));

    public IReadOnlyList<(string Key, T Note)> List()
    {
        if (!Directory.Exists(folder))
            return [];
        var notes = new List<(string, T)>();
        foreach (var path in Directory.EnumerateFiles(folder, "*" + Ending).Order(StringComparer.Ordinal))
        {
            if (Read(path) is { } note)
                notes.Add((Path.GetFileNameWithoutExtension(path), note));
        }

        return notes;
    }

    public void Write(string key, T note) => WholeFile.Write(PathOf(key), JsonSerializer.SerializeToUtf8Bytes(note, type));

    public void Forget(string key)
    {
        File.Delete(PathOf(key));
        File.Delete(LockOf(key));
    }

    /// <summary>The turn to work on it; null when another process has it.</summary>
    public FileLock? Turn(string key)
    {
        ConfigFolder.Make(folder);
        return FileLock.Try(LockOf(key));
    }

    /// <summary>Whether another process works on it at this moment.</summary>
    public bool IsTaken(string key)
    {
        if (!File.Exists(LockOf(key)))
            return false;
        using var turn = FileLock.Try(LockOf(key));
        return turn is null;
    }

    private string PathOf(string key) => Path.Combine(folder, key + Ending);

    private string LockOf(string key) => Path.Combine(folder, key + ".lock");

    /// <summary>A note that cannot be read is as good as none: what it was about is begun anew.</summary>
    private T? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), type);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }
}
