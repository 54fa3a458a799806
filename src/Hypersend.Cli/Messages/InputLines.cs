using System.Threading.Channels;

namespace Hypersend.Cli.Messages;

/// <summary>Lines of an input that may make us wait for ever: a thread of its own reads them, and dies with the process.</summary>
internal static class InputLines
{
    public static IAsyncEnumerable<string> ReadAsync(Stream input, CancellationToken cancellation)
    {
        var lines = Channel.CreateBounded<string>(new BoundedChannelOptions(1024) { SingleReader = true, SingleWriter = true });
        new Thread(() => Read(input, lines.Writer)) { IsBackground = true, Name = "input" }.Start();
        return lines.Reader.ReadAllAsync(cancellation);
    }

    private static void Read(Stream input, ChannelWriter<string> lines)
    {
        try
        {
            using var reader = new StreamReader(input, leaveOpen: true);
            while (reader.ReadLine() is { } line)
            {
                if (!lines.TryWrite(line) && !WaitAndWrite(lines, line))
                    return;
            }

            lines.TryComplete();
        }
        catch (IOException exception)
        {
            lines.TryComplete(exception);
        }
    }

    private static bool WaitAndWrite(ChannelWriter<string> lines, string line)
    {
        while (lines.WaitToWriteAsync().AsTask().GetAwaiter().GetResult())
        {
            if (lines.TryWrite(line))
                return true;
        }

        return false;
    }
}
