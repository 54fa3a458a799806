using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Hypersend.Server.Start.Verbs.Check;

/// <summary>
/// One HTTP/1.1 request to PUBLIC_URL, byte by byte: what is measured here is when each of them comes through, which a client
/// of the framework hides.
/// </summary>
internal sealed class PublicLine : IAsyncDisposable
{
    private readonly TcpClient _connection = new() { NoDelay = true };
    private Stream _stream = Stream.Null;
    private StreamReader _reader = StreamReader.Null;

    /// <summary>Whatever the certificate: TlsCheck judges it, and nothing here is secret for longer than a minute.</summary>
    public static async Task<PublicLine> OpenAsync(Uri url, CancellationToken cancellation)
    {
        var line = new PublicLine();
        try
        {
            await line._connection.ConnectAsync(url.IdnHost, url.Port, cancellation);
            line._stream = line._connection.GetStream();
            if (url.Scheme == Uri.UriSchemeHttps)
                line._stream = await SecureAsync(line._stream, url, SslApplicationProtocol.Http11, (_, _) => { }, cancellation);
            line._reader = new StreamReader(line._stream, Encoding.Latin1, false, 4096, leaveOpen: true);
            return line;
        }
        catch
        {
            await line.DisposeAsync();
            throw;
        }
    }

    /// <summary>A handshake that lets every certificate pass and shows it.</summary>
    public static async Task<SslStream> SecureAsync(
        Stream stream, Uri url, SslApplicationProtocol protocol, Action<System.Security.Cryptography.X509Certificates.X509Certificate2?, SslPolicyErrors> seen,
        CancellationToken cancellation)
    {
        var tls = new SslStream(stream);
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = url.IdnHost,
                    ApplicationProtocols = protocol == SslApplicationProtocol.Http2 ? [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11] : [protocol],
                    EnabledSslProtocols = SslProtocols.None,
#pragma warning disable CA5359 // It is judged by who called, and said.
                    RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                    {
                        seen(certificate as System.Security.Cryptography.X509Certificates.X509Certificate2, errors);
                        return true;
                    },
#pragma warning restore CA5359
                },
                cancellation);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    public async Task WriteHeadAsync(string method, Uri url, CancellationToken cancellation, params IEnumerable<string> headers)
    {
        var host = url.IsDefaultPort ? url.IdnHost : string.Create(CultureInfo.InvariantCulture, $"{url.IdnHost}:{url.Port}");
        await WriteAsync(Encoding.Latin1.GetBytes($"{method} {url.PathAndQuery} HTTP/1.1\r\n{string.Join("\r\n", headers.Prepend("Host: " + host))}\r\n\r\n"), cancellation);
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        await _stream.WriteAsync(bytes, cancellation);
        await _stream.FlushAsync(cancellation);
    }

    public async Task<PublicAnswer> ReadHeadAsync(CancellationToken cancellation)
    {
        var first = await _reader.ReadLineAsync(cancellation) ?? throw new IOException("The connection was closed without an answer");
        if (first.Split(' ') is not [_, var code, ..] || !int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var status))
            throw new IOException("What answers there does not speak HTTP");
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await _reader.ReadLineAsync(cancellation) is { Length: > 0 } line)
        {
            if (line.Split(':', 2) is [var name, var value])
                headers[name] = value.Trim();
        }

        return new PublicAnswer(status, headers);
    }

    /// <summary>The next line of the body that holds an object, past the sizes that come between chunks; null at the end.</summary>
    public async Task<string?> ReadObjectAsync(CancellationToken cancellation)
    {
        while (await _reader.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith('{'))
                return line;
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        _reader.Dispose();
        await _stream.DisposeAsync();
        _connection.Dispose();
    }
}

/// <summary>The head of an answer.</summary>
internal sealed record PublicAnswer(int Status, IReadOnlyDictionary<string, string> Headers);
