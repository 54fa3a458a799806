using System.Net.WebSockets;
using Hypersend.Server.Realtime.Sockets;

namespace Hypersend.Tests.Realtime;

public sealed class FrameHeadTests
{
    [Theory]
    [InlineData(0, 2)]
    [InlineData(125, 2)]
    [InlineData(126, 4)]
    [InlineData(65_535, 4)]
    [InlineData(65_536, 10)]
    [InlineData(3_000_000, 10)]
    public async Task The_frameworks_client_reads_what_is_written_here(int length, int headLength)
    {
        var buffer = new byte[FrameHead.LongestWritten + length];
        buffer.AsSpan(FrameHead.LongestWritten).Fill((byte)'x');
        var start = FrameHead.WriteBefore(buffer, FrameHead.LongestWritten, FrameOpcode.Text, length);
        Assert.Equal(headLength, FrameHead.LongestWritten - start);

        using var stream = new MemoryStream(buffer[start..]);
        using var client = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = false });
        var received = new byte[length + 1];
        var total = 0;
        ValueWebSocketReceiveResult part;
        do
        {
            part = await client.ReceiveAsync(received.AsMemory(total), TestContext.Current.CancellationToken);
            total += part.Count;
        }
        while (!part.EndOfMessage);

        Assert.Equal((WebSocketMessageType.Text, length), (part.MessageType, total));
        Assert.Equal(-1, received.AsSpan(0, length).IndexOfAnyExcept((byte)'x'));
    }

    [Theory]
    [InlineData(new byte[] { 0xC1, 0x80, 0, 0, 0, 0 })] // a reserved bit
    [InlineData(new byte[] { 0x81, 0x00 })] // no mask
    [InlineData(new byte[] { 0x83, 0x80, 0, 0, 0, 0 })] // an opcode nobody knows
    [InlineData(new byte[] { 0x8B, 0x80, 0, 0, 0, 0 })] // a control opcode nobody knows
    [InlineData(new byte[] { 0x09, 0x80, 0, 0, 0, 0 })] // a ping in pieces
    [InlineData(new byte[] { 0x89, 0xFE, 0, 126, 0, 0, 0, 0 })] // a ping too long
    [InlineData(new byte[] { 0x81, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })] // a length with its highest bit set
    public void What_breaks_the_rules_is_found_out(byte[] bytes) => Assert.Equal(HeadReading.Broken, FrameHead.TryRead(bytes, out _));

    [Theory]
    [InlineData(1, 0, 6)]
    [InlineData(2, 300, 8)]
    [InlineData(1, 100_000, 14)]
    public void A_head_is_read_when_all_of_it_is_there(int opcode, int length, int headLength)
    {
        byte[] bytes =
        [
            (byte)(0x80 | opcode),
            .. length < 126 ? [(byte)(0x80 | length)] : length <= 65_535 ? [0x80 | 126, (byte)(length >> 8), (byte)length] : new byte[] { 0x80 | 127, 0, 0, 0, 0, 0, (byte)(length >> 16), (byte)(length >> 8), (byte)length },
            1, 2, 3, 4,
        ];
        for (var i = 0; i < bytes.Length; i++)
            Assert.Equal(HeadReading.More, FrameHead.TryRead(bytes.AsSpan(0, i), out _));

        Assert.Equal(HeadReading.Whole, FrameHead.TryRead(bytes, out var head));
        Assert.Equal((true, (FrameOpcode)opcode, headLength, (ulong)length), (head.IsFinal, head.Opcode, head.Length, head.PayloadLength));
    }

    [Fact]
    public void The_mask_comes_off_payloads_of_every_length()
    {
        byte[] mask = [0x12, 0xA4, 0x5F, 0xE1];
        for (var length = 0; length < 200; length++)
        {
            var plain = Enumerable.Range(0, length).Select(i => (byte)(i * 7)).ToArray();
            var masked = plain.Select((value, i) => (byte)(value ^ mask[i % 4])).ToArray();
            FrameHead.Unmask(masked, BitConverter.ToUInt32(mask));
            Assert.Equal(plain, masked);
        }
    }
}
