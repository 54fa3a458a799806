using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Hypersend.BrowserTests;

/// <summary>The app on somebody's phone, written anew from RFC 6238 so that it proves the server's.</summary>
internal static class Authenticator
{
    private const int Period = 30;
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>The code of this step, or of one before or after: the server takes those too, and each only once.</summary>
    public static async Task<string> CodeAsync(string secret, int away)
    {
        var left = Period - (TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0 % Period);
        // So late in a step the server could read the code in the next one.
        if (left < 10) await Task.Delay(TimeSpan.FromSeconds(left + 0.1));
        return CodeAt(secret, (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / Period) + away);
    }

    private static string CodeAt(string secret, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
#pragma warning disable CA5350 // what authenticator apps do
        var mac = HMACSHA1.HashData(Decode(secret), counter);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadUInt32BigEndian(mac.AsSpan(mac[^1] & 15)) & 0x7FFFFFFF;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    private static byte[] Decode(string secret)
    {
        var bits = string.Concat(secret.Select(letter => Convert.ToString(Letters.IndexOf(letter, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. Enumerable.Range(0, bits.Length / 8).Select(at => Convert.ToByte(bits.Substring(at * 8, 8), 2))];
    }
}
