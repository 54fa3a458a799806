using System.Buffers;
using System.IO.Pipelines;
using Hypersend.Contracts.Transfers;
using Hypersend.Server.Features.Transfers;
using Hypersend.Server.Realtime.Sockets;

namespace Hypersend.Tests.Features.Transfers;

public sealed class RelaySideTests
{
    private static readonly RelayFrame Frame = new(MessageKind.Binary, new ReadOnlySequence<byte>(new byte[RelayHead.Length + RelayHead.Step]), 0x1234);

    [Fact]
    public async Task Who_hands_to_a_side_that_takes_nothing_waits_with_one_message_and_so_does_the_next()
    {
        var line = new Line();
        using var side = new RelaySide(line, () => { });
        Assert.True(await side.BeginAsync(CancellationToken.None));
        side.Write(Frame);
        var first = side.FlushAsync();
        using var patience = new CancellationTokenSource();
        var second = side.BeginAsync(patience.Token).AsTask();
        Assert.False(first.IsCompleted);
        Assert.False(second.IsCompleted);
        await patience.CancelAsync();
        Assert.False(await second);

        // What it takes makes room again.
        var third = side.BeginAsync(CancellationToken.None).AsTask();
        await line.TakeAsync(Frame.Length);
        await first;
        Assert.True(await third);
        side.Write(Frame);
        var last = side.FlushAsync();
        side.Leave();
        await last;
        await side.EndAsync();
    }

    [Fact]
    public async Task Words_wait_for_nobody_and_come_behind_what_is_being_handed_over()
    {
        var line = new Line();
        using var side = new RelaySide(line, () => { });
        Assert.True(await side.BeginAsync(CancellationToken.None));
        side.Tell("{}"u8);
        side.Write(Frame);
        side.Close(1000, "over");
        side.Tell("nothing follows the last word"u8);
        var handing = side.FlushAsync();
        var taken = await line.TakeAsync(10 + Frame.Length + 4 + 8);
        await handing;

        Assert.Equal([0x81, 2, (byte)'{', (byte)'}', 0x88, 6, 0x03, 0xE8], taken[^12..^4]);
        Assert.False(await side.BeginAsync(CancellationToken.None));
        await side.EndAsync();
        Assert.False(line.HasMore);
    }

    [Fact]
    public async Task What_is_handed_to_a_side_in_the_moment_it_goes_is_dropped_without_a_word()
    {
        for (var i = 0; i < 500; i++)
        {
            var line = new Line();
            var side = new RelaySide(line, () => { });
            var going = Task.Run(async () =>
            {
                side.Close(1000, "gone");
                side.Leave();
                await side.EndAsync();
                side.Dispose();
            });
            var handing = Task.Run(async () =>
            {
                while (await side.BeginAsync(CancellationToken.None))
                {
                    side.Write(Frame);
                    await side.FlushAsync();
                }
            });

            // It ends because the side has gone, and with no exception.
            await Task.WhenAll(going, handing);
        }
    }

    /// <summary>A connection that takes only what it is told to.</summary>
    private sealed class Line : IDuplexPipe
    {
        private readonly Pipe _in = new();
        private readonly Pipe _out = new(new PipeOptions(pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024));

        public PipeReader Input => _in.Reader;

        public PipeWriter Output => _out.Writer;

        public bool HasMore => _out.Reader.TryRead(out var read) && !read.Buffer.IsEmpty;

        public async Task<byte[]> TakeAsync(int length)
        {
            var read = await _out.Reader.ReadAtLeastAsync(length);
            var taken = read.Buffer.Slice(0, length).ToArray();
            _out.Reader.AdvanceTo(read.Buffer.GetPosition(length));
            return taken;
        }
    }
}
