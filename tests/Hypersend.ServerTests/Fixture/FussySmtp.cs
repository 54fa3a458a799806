using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace Hypersend.ServerTests.Fixture;

/// <summary>A mail server that takes letters, except for names that say how it should refuse: "451-..." for now, "550-..." for good.</summary>
internal sealed class FussySmtp : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Channel<string> _recipients = Channel.CreateUnbounded<string>();
    private readonly ConcurrentQueue<TakenLetter> _letters = [];
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _serving;
    private volatile int _tries;

    public FussySmtp()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Url => string.Create(CultureInfo.InvariantCulture, $"smtp://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}?tls=off");

    /// <summary>Everybody for whom a letter was tried, in order, whether or not it was taken.</summary>
    public ChannelReader<string> Recipients => _recipients.Reader;

    /// <summary>Takes nothing for now.</summary>
    public bool IsBusy { get; set; }

    /// <summary>How many letters were tried, taken or not, since <see cref="Forget"/>.</summary>
    public int Tries => _tries;

    /// <summary>The letters that were taken since <see cref="Forget"/>.</summary>
    public IReadOnlyList<TakenLetter> Taken => [.. _letters];

    public void Forget()
    {
        _letters.Clear();
        _tries = 0;
    }

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
        var to = "";
        while (await reader.ReadLineAsync(_ending.Token) is { } line)
        {
            var word = line.Split(' ')[0].ToUpperInvariant();
            if (word == "RCPT")
                to = AddressIn(line);
            if (word == "DATA")
            {
                await writer.WriteLineAsync("354 go on");
                _letters.Enqueue(await ReadLetterAsync(reader, to));
                await writer.WriteLineAsync("250 taken");
                continue;
            }

            await writer.WriteLineAsync(word switch
            {
                "RCPT" => Judge(to),
                "QUIT" => "221 bye",
                "EHLO" or "HELO" or "MAIL" or "RSET" => "250 fine",
                _ => "",
            });
        }
    }

    private static string AddressIn(string line) => line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];

    private async Task<TakenLetter> ReadLetterAsync(StreamReader reader, string to)
    {
        var lines = new List<string>();
        while (await reader.ReadLineAsync(_ending.Token) is { } line && line != ".")
            lines.Add(line);
        var end = lines.IndexOf("");
        var text = Encoding.UTF8.GetString(Convert.FromBase64String(string.Concat(lines.Skip(end + 1))));
        return new TakenLetter(to, string.Join('\n', lines.Take(end)), text.ReplaceLineEndings("\n"));
    }

    private string Judge(string address)
    {
        _recipients.Writer.TryWrite(address);
        Interlocked.Increment(ref _tries);
        if (IsBusy)
            return "451 not now";
        return address[..4] is "451-" or "550-" ? address[..3] + " not this one" : "250 fine";
    }
}

/// <summary>A letter as a mail server got it: its head as it is, its text decoded.</summary>
internal sealed record TakenLetter(string To, string Head, string Text);
