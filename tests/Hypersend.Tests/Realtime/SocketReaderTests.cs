using System.Buffers;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Hypersend.Server.Realtime.Sockets;

namespace Hypersend.Tests.Realtime;

public sealed class SocketReaderTests
{
    private const int Limit = 256 * 1024;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task What_a_client_sends_arrives_however_the_network_slices_it(int slice)
    {
        using var sent = new MemoryStream();
        var expected = new List<(MessageKind Kind, byte[] Payload)>();
        using (var client = WebSocket.CreateFromStream(new WriteOnly(sent), new WebSocketCreationOptions { IsServer = false }))
        {
            foreach (var length in (int[])[0, 1, 125, 126, 4_000, 5_000, 65_535, 65_536, Limit])
            {
                var payload = new byte[length];
                payload.AsSpan().Fill((byte)('a' + (length % 26)));
                var type = length % 2 == 0 ? WebSocketMessageType.Text : WebSocketMessageType.Binary;
                await client.SendAsync(payload, type, true, Cancellation);
                expected.Add((type == WebSocketMessageType.Text ? MessageKind.Text : MessageKind.Binary, payload));
            }

            // In pieces, empty ones among them.
            foreach (var pieces in (string[][])[["he", "llo"], ["", "hello", ""], ["a", "b", "c", "d"]])
            {
                for (var i = 0; i < pieces.Length; i++)
                    await client.SendAsync(Encoding.UTF8.GetBytes(pieces[i]), WebSocketMessageType.Text, i == pieces.Length - 1, Cancellation);
                expected.Add((MessageKind.Text, Encoding.UTF8.GetBytes(string.Concat(pieces))));
            }

            await client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "bye", Cancellation);
            expected.Add((MessageKind.Close, [0x03, 0xE8, .. "bye"u8]));
        }

        Assert.Equal(expected, ReadAll(sent.ToArray(), slice), new SameMessage());
    }

    [Fact]
    public void A_ping_between_the_pieces_of_a_message_is_heard_at_once()
    {
        var heard = ReadAll([.. Frame(0x01, "he"), .. Frame(0x89, "?"), .. Frame(0x80, "llo")], 3);
        Assert.Equal([(MessageKind.Ping, "?"u8.ToArray()), (MessageKind.Text, "hello"u8.ToArray())], heard, new SameMessage());
    }

    [Fact]
    public void A_message_that_is_too_long_is_reported_unread_and_what_follows_is_read()
    {
        var heard = ReadAll([.. Frame(0x81, new string('x', Limit + 1)), .. Frame(0x81, "next")], 10_000);
        Assert.Equal([(MessageKind.TooBig, []), (MessageKind.Text, "next"u8.ToArray())], heard, new SameMessage());
    }

    [Fact]
    public void Pieces_that_are_too_long_together_are_reported()
    {
        var heard = ReadAll([.. Frame(0x01, new string('x', Limit)), .. Frame(0x80, "y")], int.MaxValue);
        Assert.Equal(MessageKind.TooBig, Assert.Single(heard).Kind);
    }

    [Theory]
    [InlineData(0x80)] // goes on with nothing
    [InlineData(0x00)]
    public void A_message_cannot_go_on_before_it_began(byte first) =>
        Assert.Equal(MessageKind.Broken, ReadAll(Frame(first, "x"), int.MaxValue)[0].Kind);

    [Fact]
    public void A_message_cannot_begin_in_the_middle_of_another() =>
        Assert.Equal(MessageKind.Broken, ReadAll([.. Frame(0x01, "a"), .. Frame(0x81, "b")], int.MaxValue)[0].Kind);

    [Fact]
    public void Noise_ends_in_a_breach_or_in_waiting_for_more_and_never_in_an_exception()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var noise = RandomNumberGenerator.GetBytes(300);
            ReadAll(noise, 50);
        }
    }

    private static List<(MessageKind Kind, byte[] Payload)> ReadAll(byte[] bytes, int slice)
    {
        var reader = new SocketReader { Limit = Limit };
        var heard = new List<(MessageKind, byte[])>();
        for (var at = 0; at < bytes.Length; at += slice)
        {
            reader.Rest();
            reader.Add(new ReadOnlySequence<byte>(bytes, at, Math.Min(slice, bytes.Length - at)));
            while (reader.TryTake(out var message))
            {
                heard.Add((message.Kind, message.Payload.ToArray()));
                if (message.Kind == MessageKind.Broken)
                    return heard;
            }

            if (slice > bytes.Length)
                break;
        }

        reader.End();
        return heard;
    }

    private static byte[] Frame(byte first, string payload)
    {
        var bytes = Encoding.UTF8.GetBytes(payload);
        byte[] length = bytes.Length < 126 ? [(byte)(0x80 | bytes.Length)] : [0xFF, 0, 0, 0, 0, 0, (byte)(bytes.Length >> 16), (byte)(bytes.Length >> 8), (byte)bytes.Length];
        byte[] mask = [9, 8, 7, 6];
        return [first, .. length, .. mask, .. bytes.Select((value, i) => (byte)(value ^ mask[i % 4]))];
    }

    private sealed class SameMessage : IEqualityComparer<(MessageKind Kind, byte[] Payload)>
    {
        public bool Equals((MessageKind Kind, byte[] Payload) x, (MessageKind Kind, byte[] Payload) y) => x.Kind == y.Kind && x.Payload.AsSpan().SequenceEqual(y.Payload);

        public int GetHashCode((MessageKind Kind, byte[] Payload) obj) => obj.Payload.Length;
    }

    /// <summary>The client's end: what it writes is kept, and nothing ever comes.</summary>
    private sealed class WriteOnly(Stream target) : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => target.WriteAsync(buffer, cancellationToken);

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => target.WriteAsync(buffer, offset, count, cancellationToken);
    }
}
