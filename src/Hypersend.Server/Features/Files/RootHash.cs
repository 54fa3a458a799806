using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Hypersend.Server.Features.Files;

/// <summary>The one hash of a whole file: SHA-256 over the digests of its chunks in order; of no chunks, the hash of nothing.</summary>
internal static class RootHash
{
    public const int Length = SHA256.HashSizeInBytes;

    public static byte[] Of(IEnumerable<byte[]> digests)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var digest in digests)
        {
            if (digest.Length != Length)
                throw new ArgumentException("A digest is 32 bytes.", nameof(digests));
            hash.AppendData(digest);
        }
        return hash.GetHashAndReset();
    }

    public static string Text(ReadOnlySpan<byte> root) => Convert.ToHexStringLower(root);

    /// <summary>A SHA-256 as clients write it, in hexadecimal of either case.</summary>
    public static bool TryRead(string? text, [NotNullWhen(true)] out byte[]? root)
    {
        var bytes = new byte[Length];
        var read = text is { Length: Length * 2 } && Convert.FromHexString(text, bytes, out _, out _) == System.Buffers.OperationStatus.Done;
        root = read ? bytes : null;
        return read;
    }
}
