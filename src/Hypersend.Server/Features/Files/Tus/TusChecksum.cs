using System.Buffers;
using System.Security.Cryptography;

namespace Hypersend.Server.Features.Files.Tus;

/// <summary>What Upload-Checksum says of the bytes of one request.</summary>
internal sealed record TusChecksum(string Algorithm, byte[] Value)
{
    /// <summary>As Tus-Checksum-Algorithm names them. They guard against broken lines, not against people.</summary>
    public const string Algorithms = "sha256,sha1,md5";

    public static bool IsKnown(string algorithm) => LengthOf(algorithm) > 0;

    /// <summary>Null when the value is not one of this algorithm.</summary>
    public static TusChecksum? TryRead(string algorithm, string base64)
    {
        var bytes = new byte[LengthOf(algorithm)];
        return Convert.TryFromBase64String(base64, bytes, out var length) && length == bytes.Length ? new TusChecksum(algorithm, bytes) : null;
    }

    public TusSum Begin() => new(Algorithm switch
    {
        "sha256" => HashAlgorithmName.SHA256,
        "sha1" => HashAlgorithmName.SHA1,
        _ => HashAlgorithmName.MD5,
    });

    private static int LengthOf(string algorithm) => algorithm switch { "sha256" => 32, "sha1" => 20, "md5" => 16, _ => 0 };
}

/// <summary>The checksum of what has passed so far.</summary>
internal sealed class TusSum(HashAlgorithmName algorithm) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(algorithm);

    public void Append(ReadOnlySequence<byte> bytes)
    {
        foreach (var segment in bytes)
            _hash.AppendData(segment.Span);
    }

    public bool Matches(TusChecksum expected) => CryptographicOperations.FixedTimeEquals(_hash.GetHashAndReset(), expected.Value);

    public void Dispose() => _hash.Dispose();
}
