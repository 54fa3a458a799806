using System.Security.Cryptography;
using System.Text;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Platform.Secrets;

/// <summary>Text that must be readable again but not to a reader of the database: AES-256-GCM under a key of the ring.</summary>
internal sealed class SealedText(KeyRing ring, string purpose = "sealed-text")
{
    private const string Version = "s1";
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private readonly IReadOnlyList<SigningKey> _keys = ring.DeriveAll(purpose);

    /// <summary><c>s1.key id.base64url(nonce | ciphertext | tag)</c>.</summary>
    public string Seal(string text)
    {
        var key = _keys[0];
        var plain = Encoding.UTF8.GetBytes(text);
        var box = new byte[NonceBytes + plain.Length + TagBytes];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceBytes));
        var prefix = $"{Version}.{key.Id}.";
        using var aes = new AesGcm(key.Secret, TagBytes);
        aes.Encrypt(box.AsSpan(0, NonceBytes), plain, box.AsSpan(NonceBytes, plain.Length), box.AsSpan(^TagBytes), Encoding.ASCII.GetBytes(prefix));
        return prefix + StrictBase64Url.Encode(box);
    }

    public bool TryOpen(string sealedText, out string text)
    {
        text = "";
        if (sealedText.Split('.') is not [Version, var id, var body] || _keys.FirstOrDefault(key => key.Id == id) is not { } key)
            return false;
        var box = new byte[StrictBase64Url.DecodedLength(body.Length)];
        if (box.Length < NonceBytes + TagBytes || !StrictBase64Url.TryDecode(body, box, out _))
            return false;
        var plain = new byte[box.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key.Secret, TagBytes);
        try
        {
            aes.Decrypt(box.AsSpan(0, NonceBytes), box.AsSpan(NonceBytes, plain.Length), box.AsSpan(^TagBytes), plain,
                Encoding.ASCII.GetBytes($"{Version}.{id}."));
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
        text = Encoding.UTF8.GetString(plain);
        return true;
    }
}
