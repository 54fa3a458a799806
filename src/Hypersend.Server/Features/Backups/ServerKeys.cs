using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Features.Backups;

/// <summary>
/// The keys without which nobody can sign in to a restored database, under the names of their settings: the files of DATA_ROOT, or
/// what was set instead of them.
/// </summary>
internal sealed class ServerKeys
{
    private const string Secret = "SECRET_KEY";
    private const string Previous = "SECRET_KEY_PREVIOUS";
    private const string Pepper = "PASSWORD_PEPPER";
    private const string Vapid = "VAPID_PRIVATE_KEY";

    /// <summary>Which of them have a file, and its name.</summary>
    private static readonly Dictionary<string, string> Files = new() { [Secret] = "secret.key", [Pepper] = "pepper.key", [Vapid] = "vapid.key" };

    private readonly string _dataRoot;
    private readonly Dictionary<string, string?> _set;
    private readonly bool _sharesDatabase;

    // What is made while this process starts is nobody's yet.
    private readonly HashSet<string> _foundHere;

    public ServerKeys(SettingsReader settings, ServerOptions server)
    {
        _dataRoot = server.DataRoot;
        _foundHere = [.. Files.Values.Where(file => File.Exists(Path.Combine(_dataRoot, file)))];
        _set = new Dictionary<string, string?>
        {
            [Secret] = settings.Text("SECRET_KEY"),
            [Previous] = settings.Text("SECRET_KEY_PREVIOUS"),
            [Pepper] = settings.Text("PASSWORD_PEPPER"),
            [Vapid] = settings.Text("VAPID_PRIVATE_KEY"),
        };
        _sharesDatabase = settings.Text("DATABASE_URL")?.StartsWith("postgres", StringComparison.OrdinalIgnoreCase) == true;
    }

    /// <summary>All there are, as they count now. A pepper that follows from the secret is written out, so that it is one wherever it is restored.</summary>
    public Dictionary<string, string> Read()
    {
        var keys = new Dictionary<string, string>();
        foreach (var (name, value) in _set)
        {
            if ((value ?? FromFile(name)) is { } known)
                keys[name] = known;
        }

        if (_sharesDatabase && _set[Pepper] is null && keys.TryGetValue(Secret, out var secret))
        {
            var derived = PepperRing.Derived(KeyRing.Load(secret, _set[Previous], _dataRoot));
            keys[Pepper] = keys.TryGetValue(Pepper, out var file) ? $"{derived},{file}" : derived;
        }

        return keys;
    }

    /// <summary>
    /// Writes those that have a file and are not set otherwise; a file with another key is kept beside it under another name. Gives a
    /// sentence for each that the operator has to set.
    /// </summary>
    public IReadOnlyList<string> Write(IReadOnlyDictionary<string, string> keys, DateTimeOffset now)
    {
        var sentences = new List<string>();
        foreach (var (name, value) in keys)
        {
            if (_set.TryGetValue(name, out var set) && set is not null)
            {
                if (set != value)
                    sentences.Add($"{name} is set to another value than the backup's. With this one {Without(name)}.");
            }
            else if (Files.TryGetValue(name, out var file) && !(_sharesDatabase && name == Pepper && keys.TryGetValue(Secret, out var secret) && IsDerived(value, secret, keys)))
            {
                Keep(file, value, now);
                if (_sharesDatabase)
                    sentences.Add($"Every node needs {name}: set it to what is in {Path.Combine(_dataRoot, file)}, or {Without(name)}.");
            }
            else if (name == Previous)
            {
                sentences.Add($"{Previous} was set where the backup was made. Set it here too, or what older keys sealed stays closed.");
            }
        }

        return sentences;
    }

    private static bool IsDerived(string pepper, string secret, IReadOnlyDictionary<string, string> keys) =>
        pepper == PepperRing.Derived(KeyRing.Load(secret, keys.GetValueOrDefault(Previous), ""));

    private static string Without(string name) => name switch
    {
        Secret => "everybody has to sign in again, and second factors cannot be read",
        Pepper => "no password works",
        Vapid => "no browser gets a push until its app was opened again",
        _ => "what older keys sealed stays closed",
    };

    private string? FromFile(string name) => Files.TryGetValue(name, out var file) ? SecretFile.ReadIfPresent(Path.Combine(_dataRoot, file)) : null;

    private void Keep(string file, string value, DateTimeOffset now)
    {
        var path = Path.Combine(_dataRoot, file);
        if (SecretFile.ReadIfPresent(path) is { } there)
        {
            if (there == value)
                return;
            if (_foundHere.Contains(file))
                File.Move(path, $"{path}.{BackupNames.Run(now)}");
            else
                File.Delete(path);
        }

        SecretFile.ReadOrCreate(path, () => value);
    }
}
