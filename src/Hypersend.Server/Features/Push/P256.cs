using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace Hypersend.Server.Features.Push;

/// <summary>Keys on the one curve of Web Push, in the bytes in which they travel.</summary>
internal static class P256
{
    /// <summary>An uncompressed point: 4, x, y.</summary>
    public const int PointBytes = 65;

    public const int ScalarBytes = 32;

    private const byte Uncompressed = 4;

    private static readonly BigInteger Order = BigInteger.Parse(
        "0ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>Throws <see cref="CryptographicException"/> when the bytes are no point.</summary>
    public static ECParameters PublicKey(ReadOnlySpan<byte> point)
    {
        if (point.Length != PointBytes || point[0] != Uncompressed)
            throw new CryptographicException("The key is not an uncompressed point of P-256.");
        return new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = point[1..33].ToArray(), Y = point[33..].ToArray() } };
    }

    public static ECParameters PrivateKey(byte[] scalar) => new() { Curve = ECCurve.NamedCurves.nistP256, D = scalar };

    public static byte[] Point(ECParameters key) => [Uncompressed, .. key.Q.X!, .. key.Q.Y!];

    /// <summary>A private key from bytes that nobody can guess: 48 of them leave no bias worth a name.</summary>
    public static byte[] ScalarFrom(ReadOnlySpan<byte> wide)
    {
        var value = (new BigInteger(wide, isUnsigned: true, isBigEndian: true) % (Order - 1)) + 1;
        var scalar = new byte[ScalarBytes];
        var bytes = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        bytes.CopyTo(scalar.AsSpan(ScalarBytes - bytes.Length));
        return scalar;
    }
}
