using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Hypersend.Server.Start.Verbs.Check;

/// <summary>A conversation with a mail server, as far as "may I come in": nothing is sent.</summary>
internal sealed class SmtpTalk : IAsyncDisposable
{
    private readonly TcpClient _connection = new() { NoDelay = true };
    private Stream? _stream;
    private StreamReader? _reader;

    public async Task<Reply> ConnectAsync(string host, int port, CancellationToken cancellation)
    {
        await _connection.ConnectAsync(host, port, cancellation);
        Use(_connection.GetStream());
        return await ReadAsync(cancellation);
    }

    public async Task<Reply> SayAsync(string line, CancellationToken cancellation)
    {
        await _stream!.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), cancellation);
        return await ReadAsync(cancellation);
    }

    public async Task StartTlsAsync(string host, CancellationToken cancellation)
    {
        var tls = new SslStream(_stream!);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, cancellation);
        Use(tls);
    }

    public async ValueTask DisposeAsync()
    {
        if (_stream is not null)
            await _stream.DisposeAsync();
        _reader?.Dispose();
        _connection.Dispose();
    }

    private void Use(Stream stream) => (_stream, _reader) = (stream, new StreamReader(stream, Encoding.ASCII, false, 1024, leaveOpen: true));

    private async Task<Reply> ReadAsync(CancellationToken cancellation)
    {
        var lines = new List<string>();
        while (await _reader!.ReadLineAsync(cancellation) is { } line)
        {
            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length < 4 || line[3] != '-')
                return new Reply(int.TryParse(line.AsSpan(0, Math.Min(3, line.Length)), NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : 0, lines);
        }

        throw new IOException("The mail server closed the connection");
    }

    internal sealed record Reply(int Code, IReadOnlyList<string> Lines)
    {
        public bool IsGood => Code is >= 200 and < 400;

        public bool Offers(string word) => Lines.Any(line => line.Split(' ').Contains(word, StringComparer.OrdinalIgnoreCase));

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Code} {(Lines.Count == 0 ? "" : Lines[^1])}");
    }
}
