using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Hypersend.Server.Start.Verbs.Check;

/// <summary>One message of STUN (RFC 8489) and TURN (RFC 8656), as far as asking for an address goes.</summary>
internal sealed record StunMessage(ushort Type, IReadOnlyDictionary<ushort, byte[]> Attributes)
{
    public const ushort Binding = 0x0001;
    public const ushort BindingSucceeded = 0x0101;
    public const ushort Allocate = 0x0003;
    public const ushort AllocateSucceeded = 0x0103;

    public const ushort UserName = 0x0006;
    public const ushort Realm = 0x0014;
    public const ushort Nonce = 0x0015;
    public const ushort RequestedTransport = 0x0019;

    public const int HeadLength = 20;

    private const ushort Integrity = 0x0008;
    private const ushort ErrorCode = 0x0009;
    private const uint Cookie = 0x2112A442;

    /// <summary>The number of the refusal; 0 when it is none.</summary>
    public int Error => Attributes.TryGetValue(ErrorCode, out var error) && error.Length >= 4 ? ((error[2] & 7) * 100) + error[3] : 0;

    /// <summary>The bytes of a request; with a key they are signed.</summary>
    public static byte[] Write(ushort type, IReadOnlyList<(ushort Type, byte[] Value)> attributes, byte[]? key = null)
    {
        var message = new List<byte>(new byte[HeadLength]);
        foreach (var (name, value) in attributes)
            Append(message, name, value);
        var bytes = message.ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(bytes, type);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), Cookie);
        RandomNumberGenerator.Fill(bytes.AsSpan(8, 12));
        SetLength(bytes, bytes.Length - HeadLength);
        if (key is null)
            return bytes;

        // Computed over a length that counts the attribute itself.
        SetLength(bytes, bytes.Length - HeadLength + 4 + HMACSHA1.HashSizeInBytes);
        var signed = new List<byte>(bytes);
#pragma warning disable CA5350 // STUN knows MESSAGE-INTEGRITY with SHA-1.
        Append(signed, Integrity, HMACSHA1.HashData(key, bytes));
#pragma warning restore CA5350
        return [.. signed];
    }

    /// <summary>The key of a long-term credential.</summary>
    public static byte[] KeyOf(string username, byte[] realm, string credential) =>
#pragma warning disable CA5351 // It is an MD5 by its definition.
        MD5.HashData([.. Encoding.UTF8.GetBytes(username), (byte)':', .. realm, (byte)':', .. Encoding.UTF8.GetBytes(credential)]);
#pragma warning restore CA5351

    public static int LengthOf(ReadOnlySpan<byte> head) => HeadLength + BinaryPrimitives.ReadUInt16BigEndian(head[2..]);

    public static bool IsAnswerTo(ReadOnlySpan<byte> request, ReadOnlySpan<byte> answer) =>
        answer.Length >= HeadLength && answer.Length >= LengthOf(answer) && answer[4..HeadLength].SequenceEqual(request[4..HeadLength]);

    /// <summary>What is cut short ends the list.</summary>
    public static StunMessage Read(ReadOnlySpan<byte> message)
    {
        var attributes = new Dictionary<ushort, byte[]>();
        for (var at = HeadLength; at + 4 <= message.Length;)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..]);
            if (at + 4 + length > message.Length)
                break;
            attributes[BinaryPrimitives.ReadUInt16BigEndian(message[at..])] = message.Slice(at + 4, length).ToArray();
            at += 4 + length + Padding(length);
        }

        return new StunMessage(BinaryPrimitives.ReadUInt16BigEndian(message), attributes);
    }

    private static void Append(List<byte> message, ushort type, byte[] value)
    {
        var head = new byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(head, type);
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2), (ushort)value.Length);
        message.AddRange(head);
        message.AddRange(value);
        message.AddRange(new byte[Padding(value.Length)]);
    }

    private static int Padding(int length) => (4 - (length % 4)) % 4;

    private static void SetLength(byte[] message, int length) => BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)length);
}
