using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Hypersend.Server.Platform.Secrets;

/// <summary>The server's secret, current and previous, from which every purpose derives a key of its own (HKDF-SHA256).</summary>
internal sealed class KeyRing
{
    private const int MinimumBytes = 32;
    private static readonly string[] KnownDefaults =
    [
        "changeme", "changethis", "changeinproduction", "replaceme", "replacethis", "yoursecret", "yoursupersecret",
        "yourjwtsecret", "mysecretkey", "supersecretkey", "secretkeyhere", "insertsecret", "secretsecret", "passwordpassword",
    ];

    private readonly byte[][] _secrets;
    private readonly ConcurrentDictionary<string, SigningKey[]> _derived = new(StringComparer.Ordinal);

    private KeyRing(byte[][] secrets) => _secrets = secrets;

    /// <summary>Takes the configured secrets, or the key file of the data root, which is made when absent.</summary>
    /// <param name="configured">SECRET_KEY.</param>
    /// <param name="previous">SECRET_KEY_PREVIOUS: the ones before, with commas.</param>
    /// <param name="dataRoot">The folder of secret.key.</param>
    public static KeyRing Load(string? configured, string? previous, string dataRoot)
    {
        var current = string.IsNullOrWhiteSpace(configured) ? FromFile(dataRoot) : Checked("SECRET_KEY", configured.Trim());
        var secrets = new List<string> { current };
        foreach (var old in Split(previous))
        {
            if (!secrets.Contains(old, StringComparer.Ordinal))
                secrets.Add(Checked("SECRET_KEY_PREVIOUS", old));
        }
        // The text itself is the key material, so the line of secret.key can be moved into SECRET_KEY and nobody is signed out.
        return new KeyRing([.. secrets.Select(Encoding.UTF8.GetBytes)]);
    }

    public SigningKey Derive(string purpose) => Keys(purpose)[0];

    /// <summary>Current first, then previous.</summary>
    public IReadOnlyList<SigningKey> DeriveAll(string purpose) => Keys(purpose);

    private SigningKey[] Keys(string purpose) =>
        _derived.GetOrAdd(purpose, static (name, secrets) => [.. secrets.Select(secret => DeriveOne(secret, name))], _secrets);

    private static SigningKey DeriveOne(byte[] secret, string purpose)
    {
        var info = Encoding.UTF8.GetBytes("hypersend/" + purpose);
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, salt: null, info);
        return new SigningKey(Convert.ToHexStringLower(SHA256.HashData(key).AsSpan(0, 4)), key);
    }

    private static string FromFile(string dataRoot)
    {
        var path = Path.Combine(dataRoot, "secret.key");
        var text = SecretFile.ReadOrCreate(path, static () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(MinimumBytes)));
        return Checked($"SECRET_KEY is not set and {path}", text);
    }

    private static string[] Split(string? previous)
    {
        if (string.IsNullOrWhiteSpace(previous))
            return [];
        var parts = previous.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        // A comma may also be part of one old secret.
        return parts.All(part => Encoding.UTF8.GetByteCount(part) >= MinimumBytes) ? parts : [previous.Trim()];
    }

    private static string Checked(string name, string secret)
    {
        const string Shape = "SECRET_KEY must be at least 32 bytes of random text. Make one with: openssl rand -base64 32";
        if (Encoding.UTF8.GetByteCount(secret) < MinimumBytes)
            throw new SecretRefusedException($"{name} is too short. {Shape}");
        if (secret.Distinct().Count() < 5)
            throw new SecretRefusedException($"{name} repeats the same few characters. {Shape}");
        var letters = string.Concat(secret.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
        if (KnownDefaults.Any(known => letters.Contains(known, StringComparison.OrdinalIgnoreCase)))
            throw new SecretRefusedException($"{name} is a known default. {Shape}");
        return secret;
    }
}
