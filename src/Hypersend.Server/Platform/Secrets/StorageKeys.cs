using System.Security.Cryptography;
using System.Text;

namespace Hypersend.Server.Platform.Secrets;

/// <summary>
/// The keys that wrap the keys of stored files, each with an id that is kept beside what it wraps; the first wraps what is
/// new. Without any, nothing was ever sealed here, and nothing is.
/// </summary>
internal sealed class StorageKeys
{
    public const string FileName = "encryption.key";

    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int KeyBytes = 32;

    private readonly NamedKeys? _known;
    private readonly Lazy<NamedKeys>? _made;

    private StorageKeys(NamedKeys? known, Lazy<NamedKeys>? made, bool sealsNew) => (_known, _made, SealsNew) = (known, made, sealsNew);

    /// <summary>Whether there is any key at all, or will be when the first is needed.</summary>
    public bool Any => _known is not null || _made is not null;

    /// <summary>Whether what is stored from now on is sealed.</summary>
    public bool SealsNew { get; }

    /// <summary>The id of the key that wraps what is new.</summary>
    public string CurrentId => Keys.Current.Id;

    private NamedKeys Keys => Opening ?? _made?.Value ?? throw new InvalidOperationException("There is no key for what is stored.");

    /// <summary>What opens what there is: nothing was sealed under a key that is still to be made.</summary>
    private NamedKeys? Opening => _known ?? (_made is { IsValueCreated: true } made ? made.Value : null);

    /// <summary>Keys from the setting, from the server's secret where several nodes share it, or from the file encryption.key.</summary>
    /// <param name="configured">ENCRYPTION_KEY.</param>
    /// <param name="derived">Keys that follow from the server's secret; null where there is one node.</param>
    /// <param name="dataRoot">The folder of the file.</param>
    /// <param name="sealsNew">ENCRYPT_AT_REST; where nothing else gives a key the file is made, when the key is needed: the lost one may still have to go there.</param>
    public static StorageKeys Load(string? configured, string? derived, string dataRoot, bool sealsNew)
    {
        var path = Path.Combine(dataRoot, FileName);
        var kept = SecretFile.ReadIfPresent(path);

        // What was sealed under a key of before must still open when a site moves to another place for its keys.
        NamedKeys? keys = null;
        foreach (var (text, name) in new[] { (kept, $"The file {path}"), (derived, "SECRET_KEY"), (configured, "ENCRYPTION_KEY") })
        {
            if (!string.IsNullOrWhiteSpace(text))
                keys = NamedKeys.Parse(text, name).Before(keys);
        }

        var made = keys is null && sealsNew ? new Lazy<NamedKeys>(() => NamedKeys.Parse(SecretFile.ReadOrCreate(path, NamedKeys.Make), $"The file {path}")) : null;
        return new StorageKeys(keys, made, sealsNew);
    }

    /// <summary>A fresh key for one file.</summary>
    public static byte[] MakeKey() => RandomNumberGenerator.GetBytes(KeyBytes);

    public bool Has(string id) => Opening?.Find(id) is not null;

    /// <summary>Wraps a key for the file with this id: nobody can put it beside another one.</summary>
    public (string KeyId, byte[] Wrapped) Wrap(ReadOnlySpan<byte> key, Guid file)
    {
        var (id, wrapping) = Keys.Current;
        var box = new byte[NonceBytes + key.Length + TagBytes];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(Derive(wrapping), TagBytes);
        aes.Encrypt(box.AsSpan(0, NonceBytes), key, box.AsSpan(NonceBytes, key.Length), box.AsSpan(^TagBytes), Context(id, file));
        return (id, box);
    }

    /// <summary>Null when there is no such key here, or when it is another than the one that wrapped this.</summary>
    public byte[]? Unwrap(string keyId, ReadOnlySpan<byte> wrapped, Guid file)
    {
        if (Opening?.Find(keyId) is not { } wrapping || wrapped.Length != NonceBytes + KeyBytes + TagBytes)
            return null;
        var key = new byte[KeyBytes];
        using var aes = new AesGcm(Derive(wrapping), TagBytes);
        try
        {
            aes.Decrypt(wrapped[..NonceBytes], wrapped[NonceBytes..^TagBytes], wrapped[^TagBytes..], key, Context(keyId, file));
            return key;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static byte[] Derive(byte[] key) => HKDF.DeriveKey(HashAlgorithmName.SHA256, key, KeyBytes, salt: null, "hypersend/wrap-file-keys"u8.ToArray());

    private static byte[] Context(string keyId, Guid file) => [.. file.ToByteArray(bigEndian: true), .. Encoding.ASCII.GetBytes(keyId)];
}
