using System.Security.Cryptography;
using System.Text;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Features.Accounts;

/// <summary>
/// The code that makes an account the first admin: printed at the start while there is none. It is derived from the
/// server's key, so every node prints the same and nothing is kept.
/// </summary>
internal sealed class SetupCode(KeyRing keys)
{
    private const int Bytes = 10;

    public string Text { get; } = Derive(keys);

    public bool Matches(string typed) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(Normal(typed))), SHA256.HashData(Encoding.UTF8.GetBytes(Normal(Text))));

    private static string Normal(string code) => code.Replace("-", "", StringComparison.Ordinal).Trim().ToLowerInvariant();

    private static string Derive(KeyRing keys)
    {
        var code = Base32.Encode(keys.Derive("setup-code").Secret.AsSpan(0, Bytes), Base32.Crockford);
        return string.Join('-', code.Chunk(4).Select(part => new string(part)));
    }
}
