using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Features.Accounts;

/// <summary>Time-based one-time codes as every authenticator app makes them: RFC 6238, SHA-1, 6 digits, 30 seconds.</summary>
internal static class Totp
{
    private const int Period = 30;
    private const int Digits = 6;

    /// <summary>
    /// A step used so many before its time, an hour, was used by a clock that was ahead. It forbids nothing: whoever signed in meanwhile
    /// would have no code until that time comes.
    /// </summary>
    public const long FarAhead = 3600 / Period;

    /// <summary>160 random bits.</summary>
    public static string NewSecret() => Base32.Encode(RandomNumberGenerator.GetBytes(20), Base32.Standard);

    public static string Uri(string issuer, string account, string secret) =>
        $"otpauth://totp/{System.Uri.EscapeDataString(issuer)}:{System.Uri.EscapeDataString(account)}"
        + $"?secret={secret}&issuer={System.Uri.EscapeDataString(issuer)}&algorithm=SHA1&digits={Digits}&period={Period}";

    /// <summary>The step the code belongs to, when it is of now or a neighbour and later than the last one used; else null.</summary>
    public static long? MatchStep(string secret, string code, DateTimeOffset now, long lastUsedStep)
    {
        var typed = string.Concat(code.Where(c => !char.IsWhiteSpace(c)));
        if (typed.Length != Digits || !typed.All(char.IsAsciiDigit) || Base32.Decode(secret, Base32.Standard) is not { Length: > 0 } key)
            return null;
        var current = now.ToUnixTimeSeconds() / Period;
        long? matched = null;
        // All three are computed whatever matches; should two be equal, the older step counts as used.
        for (var step = current + 1; step >= current - 1; step--)
        {
            if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(CodeAt(key, step)), Encoding.ASCII.GetBytes(typed))
                && (step > lastUsedStep || lastUsedStep > step + FarAhead))
                matched = step;
        }
        return matched;
    }

    /// <summary>The code an app shows at that moment.</summary>
    public static string CodeAt(string secret, DateTimeOffset at) =>
        CodeAt(Base32.Decode(secret, Base32.Standard) ?? throw new FormatException("Not a base32 secret."), at.ToUnixTimeSeconds() / Period);

    private static string CodeAt(byte[] key, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> mac = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // the apps know nothing but SHA-1, and HMAC does not rest on its collisions
        HMACSHA1.HashData(key, counter, mac);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadUInt32BigEndian(mac[(mac[^1] & 15)..]) & 0x7FFFFFFF;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }
}
