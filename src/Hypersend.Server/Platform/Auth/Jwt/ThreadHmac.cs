using System.Security.Cryptography;
using Hypersend.Server.Platform.Secrets;

namespace Hypersend.Server.Platform.Auth.Jwt;

/// <summary>HMAC-SHA-256 with the key already scheduled, a few a thread: 0.9 instead of 1.5 microseconds for a token.</summary>
internal static class ThreadHmac
{
    // Current and previous keys of two or three purposes; more only cost the scheduling again.
    private const int Slots = 8;

    [ThreadStatic]
    private static (SigningKey Key, IncrementalHash Hash)[]? _slots;

    [ThreadStatic]
    private static int _next;

    public static void Compute(SigningKey key, ReadOnlySpan<byte> input, Span<byte> mac)
    {
        var hash = Of(key);
        hash.AppendData(input);
        hash.GetHashAndReset(mac);
    }

    private static IncrementalHash Of(SigningKey key)
    {
        var slots = _slots ??= new (SigningKey, IncrementalHash)[Slots];
        foreach (ref readonly var slot in slots.AsSpan())
        {
            if (ReferenceEquals(slot.Key, key))
                return slot.Hash;
        }
        var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key.Secret);
        ref var replaced = ref slots[_next++ % Slots];
        replaced.Hash?.Dispose();
        replaced = (key, hash);
        return hash;
    }
}
