using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Transfers;

namespace Hypersend.Sdk.Transfers;

/// <summary>
/// What the two sides of a relay derive from their keys: closes frames so that nobody in between can read or change them, and
/// vouches for digests. docs/protocol.md, Sealed bytes, is its specification.
/// </summary>
internal sealed class RelaySeal : IDisposable
{
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int NameLength = 8;
    private const int KeyLength = 32;
    private const int Groups = 8;

    private readonly AesGcm _cipher;
    private readonly byte[] _macKey;

    private RelaySeal(byte[] keys, string name, string fingerprint)
    {
        _cipher = new AesGcm(keys.AsSpan(0, KeyLength), TagLength);
        _macKey = keys[KeyLength..];
        (Name, Fingerprint) = (name, fingerprint);
    }

    /// <summary>Says which two keys it was made of.</summary>
    public string Name { get; }

    /// <summary>For two people to compare by another way.</summary>
    public string Fingerprint { get; }

    public static RelaySeal Agree(SealKey mine, byte[] theirs, bool iSend, TransferId transfer)
    {
        byte[] both = iSend ? [.. mine.Public, .. theirs] : [.. theirs, .. mine.Public];
        var salt = SHA256.HashData(both);
        var secret = mine.SecretWith(theirs);
        try
        {
            var keys = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 2 * KeyLength, salt, Encoding.ASCII.GetBytes($"hypersend relay 1 {transfer}"));
            return new RelaySeal(keys, Convert.ToHexStringLower(salt.AsSpan(0, NameLength)), FingerprintOf(both, transfer));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Writes the sealed frame and gives its length; the frame has room for <see cref="RelayHead.SealLength"/> bytes more.</summary>
    public int Close(RelayHead head, ReadOnlySpan<byte> plain, Span<byte> frame)
    {
        head.Write(frame);
        var nonce = frame.Slice(RelayHead.Length, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        var bytes = frame.Slice(RelayHead.Length + NonceLength, plain.Length);
        _cipher.Encrypt(nonce, plain, bytes, frame.Slice(RelayHead.Length + NonceLength + plain.Length, TagLength), frame[..RelayHead.Length]);
        return RelayHead.Length + RelayHead.SealLength + plain.Length;
    }

    /// <summary>How many bytes were in the frame; -1 when it is not one of this seal, as it was closed.</summary>
    public int Open(ReadOnlySpan<byte> frame, Span<byte> plain)
    {
        var length = frame.Length - RelayHead.Length - RelayHead.SealLength;
        if (length <= 0 || length > plain.Length)
            return -1;
        try
        {
            _cipher.Decrypt(frame.Slice(RelayHead.Length, NonceLength), frame.Slice(RelayHead.Length + NonceLength, length), frame[^TagLength..], plain[..length], frame[..RelayHead.Length]);
            return length;
        }
        catch (AuthenticationTagMismatchException)
        {
            return -1;
        }
    }

    /// <summary>What stands in the place of a chunk's digest.</summary>
    public byte[] OfChunk(int index, ReadOnlySpan<byte> digest) => Vouch("chunk"u8, index, digest);

    /// <summary>What stands in the place of the root.</summary>
    public byte[] OfRoot(int chunks, ReadOnlySpan<byte> root) => Vouch("complete"u8, chunks, root);

    public void Dispose() => _cipher.Dispose();

    private byte[] Vouch(ReadOnlySpan<byte> word, long number, ReadOnlySpan<byte> digest)
    {
        Span<byte> said = stackalloc byte[word.Length + sizeof(long) + SHA256.HashSizeInBytes];
        word.CopyTo(said);
        BinaryPrimitives.WriteInt64BigEndian(said[word.Length..], number);
        digest.CopyTo(said[(word.Length + sizeof(long))..]);
        return HMACSHA256.HashData(_macKey, said);
    }

    private static string FingerprintOf(byte[] both, TransferId transfer)
    {
        var hash = SHA256.HashData([.. Encoding.ASCII.GetBytes($"hypersend relay fingerprint 1 {transfer}"), .. both]);
        return string.Join(' ', Enumerable.Range(0, Groups).Select(
            group => (BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(group * sizeof(uint))) % 100_000).ToString("D5", CultureInfo.InvariantCulture)));
    }
}

/// <summary>One side's key for one transfer.</summary>
internal sealed class SealKey : IDisposable
{
    private const int Coordinate = 32;
    private const byte Uncompressed = 4;

    private readonly ECDiffieHellman _pair;

    public SealKey()
        : this(ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256))
    {
    }

    private SealKey(ECDiffieHellman pair)
    {
        _pair = pair;
        var point = pair.ExportParameters(includePrivateParameters: false).Q;
        Public = [Uncompressed, .. point.X!, .. point.Y!];
    }

    /// <summary>The point as 65 bytes.</summary>
    public byte[] Public { get; }

    /// <summary>A key that is known, to compare with what others compute.</summary>
    public static SealKey Of(byte[] secret) =>
        new(ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = secret }));

    /// <summary>Whether these bytes are a point on the curve.</summary>
    public static bool IsPoint(byte[] point)
    {
        try
        {
            using var key = Import(point);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    public byte[] SecretWith(byte[] theirs)
    {
        using var other = Import(theirs);
        return _pair.DeriveRawSecretAgreement(other.PublicKey);
    }

    public void Dispose() => _pair.Dispose();

    private static ECDiffieHellman Import(byte[] point)
    {
        if (point.Length != 1 + (2 * Coordinate) || point[0] != Uncompressed)
            throw new CryptographicException("The key is no uncompressed point.");
        return ECDiffieHellman.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = point[1..(1 + Coordinate)], Y = point[(1 + Coordinate)..] },
        });
    }
}
