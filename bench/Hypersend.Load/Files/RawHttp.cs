using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Hypersend.Load.Files;

/// <summary>
/// HTTP/1.1 on one connection, as little of it as a measurement needs: the body goes out of memory and comes into a
/// buffer, so that no client library is measured.
/// </summary>
internal sealed class RawHttp : IDisposable
{
    private const int BufferLength = 256 * 1024;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[BufferLength];
    private int _from;
    private int _to;

    public RawHttp(Uri url) => _socket.Connect(IPAddress.Loopback, url.Port);

    /// <summary>Sends the request, the body <paramref name="times"/> times over; returns the status when the answer is read.</summary>
    public int Send(string method, string path, string headers, ReadOnlyMemory<byte> body, int times = 1) => Exchange(method, path, headers, body, times, out _);

    public int Exchange(string method, string path, string headers, ReadOnlyMemory<byte> body, int times, out string answer)
    {
        Begin(method, path, headers, body, times);
        var status = ReadHead(out var length, out var head);
        var text = new StringBuilder(head);
        Skip(length, text);
        answer = text.ToString();
        return status;
    }

    /// <summary>Reads a whole body and forgets it; the answer is its length.</summary>
    public long Fetch(string path, string headers, int expectedStatus = 200)
    {
        Begin("GET", path, headers, default, 0);
        var status = ReadHead(out var length, out var head);
        if (status != expectedStatus)
            throw new InvalidOperationException($"GET {path} answered {head}");
        return Skip(length, null);
    }

    public void Dispose() => _socket.Dispose();

    private void Begin(string method, string path, string headers, ReadOnlyMemory<byte> body, int times)
    {
        var length = (long)body.Length * times;
        var sized = method is "GET" or "HEAD" ? "" : string.Create(CultureInfo.InvariantCulture, $"Content-Length: {length}\r\n");
        SendAll(Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{sized}{headers}\r\n"));
        for (var i = 0; i < times; i++)
            SendAll(body.Span);
    }

    private void SendAll(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[_socket.Send(bytes)..];
    }

    private int ReadHead(out long length, out string head)
    {
        int end;
        while ((end = _buffer.AsSpan(_from, _to - _from).IndexOf("\r\n\r\n"u8)) < 0)
            Fill();
        head = Encoding.ASCII.GetString(_buffer, _from, end + 4);
        _from += end + 4;
        length = 0;
        foreach (var line in head.Split("\r\n"))
        {
            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                length = long.Parse(line["Content-Length:".Length..], CultureInfo.InvariantCulture);
            else if (line.StartsWith("Transfer-Encoding:", StringComparison.OrdinalIgnoreCase))
                length = -1;
        }

        return int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture);
    }

    private long Skip(long length, StringBuilder? text)
    {
        if (length < 0)
            return SkipChunks(text);
        for (var left = length; left > 0;)
        {
            if (_from == _to)
                Fill();
            var part = (int)Math.Min(left, _to - _from);
            text?.Append(Encoding.UTF8.GetString(_buffer, _from, part));
            _from += part;
            left -= part;
        }

        return length;
    }

    private long SkipChunks(StringBuilder? text)
    {
        var sum = 0L;
        while (true)
        {
            int end;
            while ((end = _buffer.AsSpan(_from, _to - _from).IndexOf("\r\n"u8)) < 0)
                Fill();
            var length = long.Parse(Encoding.ASCII.GetString(_buffer, _from, end), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            _from += end + 2;
            Skip(length, text);
            Skip(2, null);
            if (length == 0)
                return sum;
            sum += length;
        }
    }

    private void Fill()
    {
        if (_from == _to)
            (_from, _to) = (0, 0);
        else if (_to == _buffer.Length)
            throw new InvalidDataException("The head of an answer is too long.");
        var received = _socket.Receive(_buffer, _to, _buffer.Length - _to, SocketFlags.None);
        if (received == 0)
            throw new IOException("The server closed the connection.");
        _to += received;
    }
}
