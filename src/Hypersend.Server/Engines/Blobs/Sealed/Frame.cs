using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Engines.Blobs.Sealed;

/// <summary>
/// Seals and opens the frames of one file: a nonce of chance, the bytes, and a tag over them and over where they belong. A
/// frame that is written a second time gets another nonce, so that nothing is lost when its first writing was half done.
/// One caller at a time.
/// </summary>
internal sealed class Frame(byte[] key, FileId file) : IDisposable
{
    /// <summary>So many bytes are in each but the last of a part.</summary>
    public const int Content = 64 * 1024;

    /// <summary>What each has beside its content.</summary>
    public const int Extra = NonceBytes + TagBytes;

    public const int Length = Content + Extra;

    public const int NonceBytes = 12;

    private const int TagBytes = 16;
    private const int IdBytes = 16;

    private readonly AesGcm _aes = new(key, TagBytes);

    /// <summary>Seals the content that lies behind the place of its nonce.</summary>
    public void Seal(Span<byte> frame, int part, int number)
    {
        var nonce = frame[..NonceBytes];
        var content = frame[NonceBytes..^TagBytes];
        RandomNumberGenerator.Fill(nonce);
        Span<byte> place = stackalloc byte[IdBytes + (2 * sizeof(int))];
        Write(place, part, number);
        _aes.Encrypt(nonce, content, content, frame[^TagBytes..], place);
    }

    /// <summary>False when these are not the bytes that were sealed for this place.</summary>
    public bool TryOpen(ReadOnlySpan<byte> frame, Span<byte> content, int part, int number)
    {
        Span<byte> place = stackalloc byte[IdBytes + (2 * sizeof(int))];
        Write(place, part, number);
        try
        {
            _aes.Decrypt(frame[..NonceBytes], frame[NonceBytes..^TagBytes], frame[^TagBytes..], content, place);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    /// <summary>For who cannot go on without it.</summary>
    public DamagedBytesException Damaged(int part, int number)
    {
        SealMetrics.Damaged();
        return new DamagedBytesException(string.Create(CultureInfo.InvariantCulture, $"file {file} (part {part}, frame {number})"));
    }

    public void Dispose() => _aes.Dispose();

    private void Write(Span<byte> place, int part, int number)
    {
        file.Value.TryWriteBytes(place, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(place[IdBytes..], part);
        BinaryPrimitives.WriteInt32BigEndian(place[(IdBytes + sizeof(int))..], number);
    }
}
