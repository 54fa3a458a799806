using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Hypersend.ServerTests.Transfers;

/// <summary>As much of TURN (RFC 8656) as it takes to ask for a relayed address with a long-term credential.</summary>
internal sealed class TurnClient : IDisposable
{
    public const string Allocated = "allocated";
    public const string Unauthorized = "401";

    private const ushort Allocate = 0x0003;
    private const ushort AllocateSucceeded = 0x0103;
    private const uint Cookie = 0x2112A442;
    private const int HeadLength = 20;
    private const ushort UserName = 0x0006;
    private const ushort Integrity = 0x0008;
    private const ushort ErrorCode = 0x0009;
    private const ushort Realm = 0x0014;
    private const ushort Nonce = 0x0015;
    private const ushort RelayedAddress = 0x0016;
    private const ushort RequestedTransport = 0x0019;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(100);
    private static readonly byte[] Udp = [17, 0, 0, 0];

    private readonly UdpClient _socket = new(AddressFamily.InterNetwork);

    public TurnClient(int port) => _socket.Connect(IPAddress.Loopback, port);

    /// <summary>The outcome: <see cref="Allocated"/>, or the number of the error.</summary>
    public async Task<string> AllocateAsync(string username, string credential)
    {
        // The first one is always refused, and says in whose realm.
        var challenge = await AskAsync([(RequestedTransport, Udp)], null);
        var (realm, nonce) = (challenge.Attributes[Realm], challenge.Attributes[Nonce]);
#pragma warning disable CA5351 // The key of a long-term credential is an MD5 by its definition.
        var key = MD5.HashData([.. Encoding.UTF8.GetBytes(username), (byte)':', .. realm, (byte)':', .. Encoding.UTF8.GetBytes(credential)]);
#pragma warning restore CA5351
        var answer = await AskAsync(
            [(RequestedTransport, Udp), (UserName, Encoding.UTF8.GetBytes(username)), (Realm, realm), (Nonce, nonce)], key);
        if (answer.Type == AllocateSucceeded && answer.Attributes.ContainsKey(RelayedAddress))
            return Allocated;
        var error = answer.Attributes[ErrorCode];
        return $"{error[2] & 7}{error[3]:D2}";
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Asks until there is an answer: the server may not be there yet, and this is UDP.</summary>
    private async Task<Answer> AskAsync(IReadOnlyList<(ushort Type, byte[] Value)> attributes, byte[]? key)
    {
        var request = Write(attributes, key);
        using var late = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                await _socket.SendAsync(request, late.Token);
                using var again = CancellationTokenSource.CreateLinkedTokenSource(late.Token);
                again.CancelAfter(Again);
                while (true)
                {
                    var received = (await _socket.ReceiveAsync(again.Token)).Buffer;
                    if (received.AsSpan(4, HeadLength - 4).SequenceEqual(request.AsSpan(4, HeadLength - 4)))
                        return Read(received);
                }
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException && !late.IsCancellationRequested)
            {
                await Task.Delay(Again, late.Token);
            }
        }
    }

    private static byte[] Write(IReadOnlyList<(ushort Type, byte[] Value)> attributes, byte[]? key)
    {
        var message = new List<byte>(new byte[HeadLength]);
        foreach (var (type, value) in attributes)
            Append(message, type, value);
        var bytes = message.ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(bytes, Allocate);
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

    private static void Append(List<byte> message, ushort type, byte[] value)
    {
        var head = new byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(head, type);
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2), (ushort)value.Length);
        message.AddRange(head);
        message.AddRange(value);
        message.AddRange(new byte[(4 - (value.Length % 4)) % 4]);
    }

    private static void SetLength(byte[] message, int length) => BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)length);

    private static Answer Read(byte[] message)
    {
        var attributes = new Dictionary<ushort, byte[]>();
        for (var at = HeadLength; at + 4 <= message.Length;)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at + 2));
            attributes[BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at))] = message[(at + 4)..(at + 4 + length)];
            at += 4 + length + ((4 - (length % 4)) % 4);
        }

        return new Answer(BinaryPrimitives.ReadUInt16BigEndian(message), attributes);
    }

    private sealed record Answer(ushort Type, IReadOnlyDictionary<ushort, byte[]> Attributes);
}
