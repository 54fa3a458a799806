using System.Security.Cryptography;
using System.Text;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Engines.Blobs.Sealed;

/// <summary>
/// Seals what is small and whole: pictures beside files, pictures of people. What is sealed begins with a mark that no
/// picture begins with, so that those of before stay readable.
/// </summary>
internal sealed class SmallSeal(FileSeals seals)
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private static ReadOnlySpan<byte> Mark => "\0hsseal1"u8;

    public async ValueTask<ReadOnlyMemory<byte>> SealAsync(ReadOnlyMemory<byte> bytes, string place, CancellationToken cancellation)
    {
        if (!seals.SealsNew)
            return bytes;
        var key = (await seals.OfSmallAsync(cancellation))!;
        var box = new byte[Mark.Length + NonceBytes + bytes.Length + TagBytes];
        Mark.CopyTo(box);
        var nonce = box.AsSpan(Mark.Length, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, bytes.Span, box.AsSpan(Mark.Length + NonceBytes, bytes.Length), box.AsSpan(^TagBytes), Encoding.UTF8.GetBytes(place));
        return box;
    }

    /// <summary>Null when nothing is kept there. The stream that is given is gone through, or handed on.</summary>
    public async Task<Stream?> OpenAsync(Stream? kept, string place, CancellationToken cancellation)
    {
        if (kept is null || kept.Length < Mark.Length + NonceBytes + TagBytes)
            return kept;
        await using (kept)
        {
            var box = new byte[kept.Length];
            await kept.ReadExactlyAsync(box, cancellation);
            if (!box.AsSpan().StartsWith(Mark))
                return new MemoryStream(box, writable: false);
            if (await seals.OfSmallAsync(cancellation) is { } key && TryOpen(key, box, place, out var bytes))
                return new MemoryStream(bytes, writable: false);
        }

        SealMetrics.Damaged();
        throw new DamagedBytesException(place);
    }

    private static bool TryOpen(byte[] key, byte[] box, string place, out byte[] bytes)
    {
        bytes = new byte[box.Length - Mark.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        try
        {
            aes.Decrypt(
                box.AsSpan(Mark.Length, NonceBytes), box.AsSpan(Mark.Length + NonceBytes, bytes.Length), box.AsSpan(^TagBytes), bytes, Encoding.UTF8.GetBytes(place));
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }
}
