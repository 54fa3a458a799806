using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hypersend.Server.Platform.Secrets;

namespace Hypersend.Server.Features.Admin;

/// <summary>
/// What <c>hypersend-server check</c> shows the server that runs: it comes from who has the same secret, and is good for a
/// minute. The answer carries a proof of the same kind, so neither side takes a stranger for the other.
/// </summary>
internal sealed class CheckPass(KeyRing keys, TimeProvider clock)
{
    public const string Header = "Hypersend-Check";

    private const string Purpose = "check";

    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(1);

    public string Make()
    {
        var until = (clock.GetUtcNow() + GoodFor).ToUnixTimeSeconds();
        var text = string.Create(CultureInfo.InvariantCulture, $"{until}.{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(12))}");
        return $"{text}.{Sign("ask", text)}";
    }

    public bool IsGood(string pass)
    {
        if (pass.Split('.') is not [var time, var chance, var signature])
            return false;
        var now = clock.GetUtcNow();
        return long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var until)
            && until >= now.ToUnixTimeSeconds() && until <= (now + GoodFor + GoodFor).ToUnixTimeSeconds()
            && Same(signature, Sign("ask", $"{time}.{chance}"));
    }

    /// <summary>What only a holder of the secret can answer to this pass.</summary>
    public string ProofFor(string pass) => Sign("answer", pass);

    public bool IsProof(string proof, string pass) => Same(proof, ProofFor(pass));

    private static bool Same(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));

    private string Sign(string side, string text) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(keys.Derive(Purpose).Secret, Encoding.UTF8.GetBytes($"{side} {text}")));
}
