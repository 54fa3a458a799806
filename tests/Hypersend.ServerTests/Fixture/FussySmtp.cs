using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Hypersend.ServerTests.Fixture;

/// <summary>A mail server that takes letters, except for names that say how it should refuse: "451-..." for now, "550-..." for good.</summary>
internal sealed class FussySmtp : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Channel<string> _recipients = Channel.CreateUnbounded<string>();
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _serving;

    public FussySmtp()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Url => string.Create(CultureInfo.InvariantCulture, $"smtp://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}?tls=off");

    /// <summary>Everybody for whom a letter was tried, in order, whether or not it was taken.</summary>
    public ChannelReader<string> Recipients => _recipients.Reader;

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    private async Task ServeAsync()
    {
        // All at once: a client may keep a connection open that it is done with.
        var talks = new List<Task>();
        try
        {
            while (true)
                talks.Add(TalkAsync(await _listener.AcceptTcpClientAsync(_ending.Token)));
        }
        finally
        {
            await Task.WhenAll(talks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using var held = client;
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream);
        await using var writer = new StreamWriter(stream) { AutoFlush = true, NewLine = "\r\n" };
        await writer.WriteLineAsync("220 fussy");
        while (await reader.ReadLineAsync(_ending.Token) is { } line)
        {
            await writer.WriteLineAsync(line.Split(' ')[0].ToUpperInvariant() switch
            {
                "RCPT" => Judge(line),
                "DATA" => "354 go on",
                "." => "250 taken",
                "QUIT" => "221 bye",
                "EHLO" or "HELO" or "MAIL" or "RSET" => "250 fine",
                _ => "",
            });
        }
    }

    private string Judge(string line)
    {
        var address = line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];
        _recipients.Writer.TryWrite(address);
        return address[..4] is "451-" or "550-" ? address[..3] + " not this one" : "250 fine";
    }
}
