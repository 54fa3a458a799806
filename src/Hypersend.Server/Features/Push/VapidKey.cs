using System.Security.Cryptography;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Features.Push;

/// <summary>
/// The key by which push services know this server (RFC 8292). Browsers bind their subscriptions to it, so it outlives
/// everything else here.
/// </summary>
internal sealed class VapidKey : IDisposable
{
    private readonly ECDsa _key;
    private readonly Lock _gate = new();

    private VapidKey(byte[] scalar)
    {
        _key = ECDsa.Create(P256.PrivateKey(scalar));
        PublicKey = StrictBase64Url.Encode(P256.Point(_key.ExportParameters(includePrivateParameters: false)));
    }

    /// <summary>What browsers call the applicationServerKey.</summary>
    public string PublicKey { get; }

    /// <summary>Takes VAPID_PRIVATE_KEY; without it the file of the data root, which is made when absent.</summary>
    public static VapidKey Load(string? configured, string dataRoot)
    {
        var path = Path.Combine(dataRoot, "vapid.key");
        return string.IsNullOrWhiteSpace(configured)
            ? Read(SecretFile.ReadOrCreate(path, Make), $"The file {path}")
            : Read(configured.Trim(), "VAPID_PRIVATE_KEY");
    }

    /// <summary>The key that follows from the server's secret: the same on every node that has the same secret.</summary>
    public static VapidKey Derived(KeyRing keys)
    {
        var wide = HKDF.Expand(HashAlgorithmName.SHA256, keys.Derive("vapid").Secret, 48, "scalar"u8.ToArray());
        return new VapidKey(P256.ScalarFrom(wide));
    }

    /// <summary>r and s side by side, as JWS wants them.</summary>
    public byte[] Sign(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
            return _key.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    public void Dispose() => _key.Dispose();

    private static string Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return StrictBase64Url.Encode(key.ExportParameters(includePrivateParameters: true).D);
    }

    private static VapidKey Read(string text, string name)
    {
        var scalar = new byte[P256.ScalarBytes];
        var shape = $"{name} is not readable: it must be the 32 bytes of a private key on P-256 in base64url, as tools for web push print it.";
        if (text.Length != 43 || !StrictBase64Url.TryDecode(text, scalar, out _))
            throw new SecretRefusedException(shape);
        try
        {
            return new VapidKey(scalar);
        }
        catch (CryptographicException)
        {
            throw new SecretRefusedException(shape);
        }
    }
}
