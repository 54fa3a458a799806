using System.Security.Cryptography;

namespace Hypersend.Server.Platform.Secrets;

/// <summary>The keys mixed into every password hash, each with an id that is stored beside the hash; the first is used for new hashes.</summary>
internal sealed class PepperRing
{
    private readonly Dictionary<string, byte[]> _keys;

    private PepperRing((string Id, byte[] Key) current, Dictionary<string, byte[]> keys) => (Current, _keys) = (current, keys);

    public (string Id, byte[] Key) Current { get; }

    /// <summary>Reads <c>id:base64,id2:base64</c> (current first), or the file pepper.key of the data root, which is made when absent.</summary>
    public static PepperRing Load(string? configured, string dataRoot)
    {
        var path = Path.Combine(dataRoot, "pepper.key");
        if (string.IsNullOrWhiteSpace(configured))
            return Parse(SecretFile.ReadOrCreate(path, Make), $"The file {path}");
        // A site that moves from the file to the setting must still open the passwords hashed before.
        var older = SecretFile.ReadIfPresent(path);
        return Parse(configured, "PASSWORD_PEPPER", older is null ? null : Parse(older, $"The file {path}"));
    }

    /// <summary>Peppers that follow from the server's keys, written as the setting is: the same on every node that has the same keys.</summary>
    public static string Derived(KeyRing keys) =>
        string.Join(',', keys.DeriveAll("password-pepper").Select(key => $"k{key.Id}:{Convert.ToBase64String(key.Secret)}"));

    public byte[]? Find(string id) => _keys.GetValueOrDefault(id);

    private static string Make()
    {
        var key = RandomNumberGenerator.GetBytes(32);
        return $"{Convert.ToHexStringLower(SHA256.HashData(key).AsSpan(0, 4))}:{Convert.ToBase64String(key)}";
    }

    private static PepperRing Parse(string text, string name, PepperRing? older = null)
    {
        var keys = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        (string, byte[])? current = null;
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            var key = new byte[part.Length];
            if (colon is < 1 or > 32 || !part.AsSpan(0, colon).ToString().All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
                || !Convert.TryFromBase64String(part[(colon + 1)..], key, out var length) || length < 32
                || !keys.TryAdd(part[..colon], key[..length]))
                throw new SecretRefusedException($"{name} is not readable: it must be id:base64 pairs with commas, the current one first, "
                    + "each id once and each key at least 32 bytes. Make one with: echo \"p1:$(openssl rand -base64 32)\"");
            current ??= (part[..colon], keys[part[..colon]]);
        }
        foreach (var (id, key) in older?._keys ?? [])
            keys.TryAdd(id, key);
        return new PepperRing(
            current ?? throw new SecretRefusedException($"{name} is empty. Make one with: echo \"p1:$(openssl rand -base64 32)\""), keys);
    }
}
