using System.Security.Cryptography;
using System.Text;

namespace Hypersend.Server.Features.Backups;

/// <summary>The key of a sealed backup, made from its passphrase; each piece has a key of its own that follows from this one.</summary>
internal sealed class PassphraseKey
{
    /// <summary>As OWASP advises for this derivation, and more.</summary>
    public const int UsualIterations = 600_000;

    private const int KeyBytes = 32;
    private const int SaltBytes = 32;

    // Whoever made the head says how often; no more than a minute's work is done for a stranger.
    private const int MostIterations = 50_000_000;

    private readonly byte[] _key;

    private PassphraseKey(byte[] key, BackupSeal seal) => (_key, Seal) = (key, seal);

    public BackupSeal Seal { get; }

    public static PassphraseKey Make(string passphrase, int iterations = UsualIterations)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var key = Derive(passphrase, salt, iterations);
        return new PassphraseKey(key, new BackupSeal { Iterations = iterations, Salt = salt, Check = CheckOf(key) });
    }

    /// <summary>Refuses a passphrase that is not the one.</summary>
    public static PassphraseKey Open(string passphrase, BackupSeal seal)
    {
        if (seal.Derivation != new BackupSeal().Derivation || seal.Iterations is < 1 or > MostIterations || seal.Salt.Length != SaltBytes)
            throw new BackupRefusedException("How this backup was sealed cannot be read: it is damaged, or of a newer version.");
        var key = Derive(passphrase, seal.Salt, seal.Iterations);
        return CryptographicOperations.FixedTimeEquals(CheckOf(key), seal.Check)
            ? new PassphraseKey(key, seal)
            : throw new BackupRefusedException("The passphrase is not the one of this backup.");
    }

    /// <summary>The key of one piece. Its name is part of it, so that no piece can stand for another.</summary>
    public AesGcm ForPiece(string name, ReadOnlySpan<byte> salt)
    {
        Span<byte> key = stackalloc byte[KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, key, salt, Encoding.UTF8.GetBytes("piece/" + name));
        return new AesGcm(key, SealedFrames.TagBytes);
    }

    private static byte[] Derive(string passphrase, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(passphrase.Normalize(NormalizationForm.FormC)), salt, iterations, HashAlgorithmName.SHA512, KeyBytes);

    private static byte[] CheckOf(byte[] key) => HKDF.DeriveKey(HashAlgorithmName.SHA256, key, KeyBytes, salt: null, info: "check"u8.ToArray());
}
