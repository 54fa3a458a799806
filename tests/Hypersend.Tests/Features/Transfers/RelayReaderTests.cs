using System.Buffers;
using System.IO.Pipelines;
using System.Net.WebSockets;
using Hypersend.Server.Features.Transfers;
using Hypersend.Server.Realtime.Sockets;

namespace Hypersend.Tests.Features.Transfers;

public sealed class RelayReaderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    [InlineData(int.MaxValue)]
    public async Task What_a_client_sends_comes_out_as_it_went_in_whatever_the_blocks_it_comes_in(int block)
    {
        byte[][] messages = [[], [1], .. new[] { 125, 126, 1003, 65_535, 65_536, 65_588 }.Select(length => Enumerable.Range(0, length).Select(i => (byte)(i * 7)).ToArray())];
        using var stream = new MemoryStream();
        using (var client = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = false, KeepAliveInterval = TimeSpan.Zero }))
        {
            foreach (var message in messages)
            {
                await client.SendAsync(message, WebSocketMessageType.Binary, true, TestContext.Current.CancellationToken);

                // And the same in three pieces.
                var third = message.Length / 3;
                await client.SendAsync(message.AsMemory(0, third), WebSocketMessageType.Binary, false, TestContext.Current.CancellationToken);
                await client.SendAsync(message.AsMemory(third, third), WebSocketMessageType.Binary, false, TestContext.Current.CancellationToken);
                await client.SendAsync(message.AsMemory(2 * third), WebSocketMessageType.Binary, true, TestContext.Current.CancellationToken);
            }
        }

        using var reader = new RelayReader();
        var rest = SplitInto(stream.ToArray(), block);
        foreach (var message in messages.SelectMany(message => new[] { message, message }))
        {
            Assert.True(reader.TryTake(ref rest, out var frame));
            Assert.Equal((MessageKind.Binary, message.Length), (frame.Kind, frame.Length));
            var copied = new byte[message.Length];
            frame.CopyTo(copied);
            Assert.Equal(message, copied);
            Assert.Equal(message, await ThroughAsync(frame));
        }

        Assert.False(reader.TryTake(ref rest, out _));
        Assert.True(rest.IsEmpty);
    }

    [Fact]
    public void What_is_not_whole_is_left_and_what_comes_between_pieces_is_told_apart()
    {
        byte[] bytes =
        [
            0x02, 0x81, 0, 0, 0, 0, 1, // a piece
            0x89, 0x81, 9, 9, 9, 9, 9 ^ 5, // a ping
            0x80, 0x81, 0, 0, 0, 0, 2, // the end
        ];
        for (var length = 0; length < bytes.Length; length++)
        {
            using var cut = new RelayReader();
            var some = new ReadOnlySequence<byte>(bytes, 0, length);
            var found = 0;
            while (cut.TryTake(ref some, out _))
                found++;
            Assert.Equal(length < 14 ? 0 : 1, found);
            Assert.Equal(length % 7, some.Length);
        }

        using var reader = new RelayReader();
        var rest = new ReadOnlySequence<byte>(bytes);
        Assert.True(reader.TryTake(ref rest, out var ping));
        Span<byte> said = stackalloc byte[2];
        ping.CopyTo(said);
        Assert.Equal((MessageKind.Ping, 5), (ping.Kind, said[0]));
        Assert.True(reader.TryTake(ref rest, out var whole));
        whole.CopyTo(said);
        Assert.Equal((MessageKind.Binary, 1, 2), (whole.Kind, said[0], said[1]));
    }

    [Theory]
    [InlineData(MessageKind.Broken, new byte[] { 0x82, 0x01, 1 })] // no mask
    [InlineData(MessageKind.Broken, new byte[] { 0x80, 0x81, 0, 0, 0, 0, 1 })] // a piece of nothing
    [InlineData(MessageKind.Broken, new byte[] { 0x02, 0x80, 0, 0, 0, 0, 0x82, 0x80, 0, 0, 0, 0 })] // another message among the pieces
    [InlineData(MessageKind.TooBig, new byte[] { 0x82, 0xFF, 0, 0, 0, 0, 0, 2, 0, 1, 0, 0, 0, 0 })] // 128 KiB and a byte
    [InlineData(MessageKind.TooBig, new byte[] { 0x02, 0x81, 0, 0, 0, 0, 1, 0x80, 0xFF, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0 })] // pieces that are too much together
    public void What_breaks_the_rules_is_told_before_its_bytes_have_come(object kind, byte[] bytes)
    {
        using var reader = new RelayReader();
        var rest = new ReadOnlySequence<byte>(bytes);
        Assert.True(reader.TryTake(ref rest, out var frame));
        Assert.Equal(kind, frame.Kind);
    }

    private static async Task<byte[]> ThroughAsync(RelayFrame frame)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        frame.WriteTo(pipe.Writer);
        await pipe.Writer.CompleteAsync();
        using var sent = new MemoryStream();
        await pipe.Reader.CopyToAsync(sent, TestContext.Current.CancellationToken);
        sent.Position = 0;
        using var client = WebSocket.CreateFromStream(sent, new WebSocketCreationOptions { IsServer = false, KeepAliveInterval = TimeSpan.Zero });
        var message = new byte[frame.Length];
        for (var at = 0; ;)
        {
            var part = await client.ReceiveAsync(message.AsMemory(at), TestContext.Current.CancellationToken);
            at += part.Count;
            if (part.EndOfMessage)
                return message;
        }
    }

    private static ReadOnlySequence<byte> SplitInto(byte[] bytes, int block)
    {
        if (block >= bytes.Length)
            return new ReadOnlySequence<byte>(bytes);
        var first = new Block(bytes.AsMemory(0, block), 0);
        var last = first;
        for (var at = block; at < bytes.Length; at += block)
            last = last.Then(bytes.AsMemory(at, Math.Min(block, bytes.Length - at)));
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Block : ReadOnlySequenceSegment<byte>
    {
        public Block(ReadOnlyMemory<byte> memory, long index) => (Memory, RunningIndex) = (memory, index);

        public Block Then(ReadOnlyMemory<byte> memory)
        {
            var next = new Block(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
