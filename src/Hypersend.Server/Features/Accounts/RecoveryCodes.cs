using System.Security.Cryptography;
using System.Text;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Features.Accounts;

/// <summary>Codes for the day the phone is lost: shown once, kept as hashes, each good for one login.</summary>
internal static class RecoveryCodes
{
    private const int Count = 10;

    /// <summary>Ten codes of 80 bits, <c>xxxx-xxxx-xxxx-xxxx</c>.</summary>
    public static IReadOnlyList<string> New() => [.. Enumerable.Range(0, Count).Select(_ => NewOne())];

    /// <summary>The hash of the code as it was meant: case, spaces and dashes do not count, O is 0, I and L are 1.</summary>
    public static byte[] Hash(string code)
    {
        var meant = new StringBuilder(code.Length);
        foreach (var letter in code)
        {
            if (letter is '-' || char.IsWhiteSpace(letter))
                continue;
            meant.Append(char.ToLowerInvariant(letter) switch { 'o' => '0', 'i' or 'l' => '1', var other => other });
        }
        return SHA256.HashData(Encoding.UTF8.GetBytes(meant.ToString()));
    }

    private static string NewOne()
    {
        var text = Base32.Encode(RandomNumberGenerator.GetBytes(10), Base32.Crockford);
        return $"{text[..4]}-{text[4..8]}-{text[8..12]}-{text[12..]}";
    }
}
