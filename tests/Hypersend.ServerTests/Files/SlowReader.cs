using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Files;

/// <summary>A client with small buffers that takes what it is sent a little at a time, or not at all.</summary>
internal sealed class SlowReader : IAsyncDisposable
{
    private const int SmallBuffer = 4096;

    // Who takes 50 KiB a second would read a whole file for minutes before anybody saw that nothing was cut.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TcpClient _tcp;
    private readonly NetworkStream _stream;

    private SlowReader(TcpClient tcp) => (_tcp, _stream) = (tcp, tcp.GetStream());

    public string Head { get; private set; } = "";

    public long Length { get; private set; }

    /// <summary>It takes what is left as fast as it comes.</summary>
    public bool Hurries { get; set; }

    /// <summary>Asks, and reads the answer's head.</summary>
    public static async Task<SlowReader> OpenAsync(App app, Person person, string path)
    {
        var tcp = new TcpClient { NoDelay = true, ReceiveBufferSize = SmallBuffer };
        await tcp.ConnectAsync(app.Address.Host, app.Address.Port);
        var reader = new SlowReader(tcp);
        await reader.AskAsync(app, person, path);
        Assert.StartsWith("HTTP/1.1 200 ", reader.Head, StringComparison.Ordinal);
        var length = reader.Head.Split("\r\n").Single(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal));
        reader.Length = long.Parse(length["Content-Length: ".Length..], CultureInfo.InvariantCulture);
        return reader;
    }

    /// <summary>Asks on the same connection, and reads the head of the answer.</summary>
    public async Task AskAsync(App app, Person person, string path)
    {
        await _stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: {app.Address.Authority}\r\nAuthorization: Bearer {person.AccessToken}\r\n\r\n"));
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await _stream.ReadExactlyAsync(one);
            head.Append((char)one[0]);
        }

        Head = head.ToString();
    }

    /// <summary>Takes so many bytes, and no more.</summary>
    public ValueTask ReadAsync(byte[] part) => _stream.ReadExactlyAsync(part, TestContext.Current.CancellationToken);

    /// <summary>Reads, slowly unless it hurries, until the server has enough of it; tells how many bytes came and how long that took.</summary>
    public async Task<(long Bytes, TimeSpan Took)> ReadUntilCutAsync()
    {
        using var late = new CancellationTokenSource(Patience);
        var watch = Stopwatch.StartNew();
        var (sum, buffer) = (0L, new byte[1024]);
        try
        {
            int read;
            while ((read = await _stream.ReadAsync(buffer, late.Token)) > 0)
            {
                sum += read;
                if (!Hurries)
                    await Task.Delay(20);
            }
        }
        catch (IOException)
        {
            // The connection was reset: that is the cut.
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Nothing was cut within {Patience}; {sum} bytes came.");
        }

        return (sum, watch.Elapsed);
    }

    public ValueTask DisposeAsync()
    {
        _tcp.Dispose();
        return ValueTask.CompletedTask;
    }
}
