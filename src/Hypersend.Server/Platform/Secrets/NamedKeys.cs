using System.Security.Cryptography;

namespace Hypersend.Server.Platform.Secrets;

/// <summary>Keys that each have an id, written as <c>id:base64,id2:base64</c>, the current one first.</summary>
internal sealed class NamedKeys
{
    private const int LeastBytes = 32;
    private const int LongestId = 32;

    private readonly Dictionary<string, byte[]> _keys;

    private NamedKeys((string Id, byte[] Key) current, Dictionary<string, byte[]> keys) => (Current, _keys) = (current, keys);

    public (string Id, byte[] Key) Current { get; }

    public byte[]? Find(string id) => _keys.GetValueOrDefault(id);

    /// <summary>These, and behind them those that were in use before.</summary>
    public NamedKeys Before(NamedKeys? older)
    {
        var keys = new Dictionary<string, byte[]>(_keys, StringComparer.Ordinal);
        foreach (var (id, key) in older?._keys ?? [])
            keys.TryAdd(id, key);
        return new NamedKeys(Current, keys);
    }

    /// <summary>Throws <see cref="SecretRefusedException"/> with a sentence that begins with where the text came from.</summary>
    public static NamedKeys Parse(string text, string name)
    {
        var keys = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        (string, byte[])? current = null;
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            var key = new byte[part.Length];
            if (colon is < 1 or > LongestId || !part.AsSpan(0, colon).ToString().All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
                || !Convert.TryFromBase64String(part[(colon + 1)..], key, out var length) || length < LeastBytes
                || !keys.TryAdd(part[..colon], key[..length]))
            {
                throw new SecretRefusedException($"{name} is not readable: it must be id:base64 pairs with commas, the current one first, "
                    + "each id once and each key at least 32 bytes. Make one with: echo \"p1:$(openssl rand -base64 32)\"");
            }

            current ??= (part[..colon], keys[part[..colon]]);
        }

        return new NamedKeys(
            current ?? throw new SecretRefusedException($"{name} is empty. Make one with: echo \"p1:$(openssl rand -base64 32)\""), keys);
    }

    /// <summary>A fresh one, written as it is read; its id says nothing of it.</summary>
    public static string Make()
    {
        var key = RandomNumberGenerator.GetBytes(LeastBytes);
        return $"{Convert.ToHexStringLower(SHA256.HashData(key).AsSpan(0, 4))}:{Convert.ToBase64String(key)}";
    }

    /// <summary>Keys that follow from the server's secret, written as a setting is: the same on every node that has the same secret.</summary>
    public static string Derive(KeyRing ring, string purpose) =>
        string.Join(',', ring.DeriveAll(purpose).Select(key => $"k{key.Id}:{Convert.ToBase64String(key.Secret)}"));
}
