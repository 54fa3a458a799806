using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Hypersend.Contracts.Files;

namespace Hypersend.FaultTests.Load;

/// <summary>A connection that has sent most of a chunk, and not the rest.</summary>
internal sealed class HeldLine : IDisposable
{
    public const int Chunk = 1 << 20;

    // The worst place for who collects bytes before they are written: some were, and as many as may wait are waiting.
    private const int Sent = (3 * (Chunk / 4)) - 1;

    private readonly TcpClient _line = new() { NoDelay = true };

    private HeldLine()
    {
    }

    public static async Task<HeldLine> OpenAsync(Uri server, Upload upload)
    {
        var held = new HeldLine();
        await held._line.ConnectAsync(server.Host, server.Port);
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"PUT /api/v1/files/{upload.UploadId}/chunk?chunk_index=1 HTTP/1.1\r\nHost: {server.Authority}\r\nAuthorization: Bearer {upload.UploadToken}\r\nContent-Length: {Chunk}\r\n\r\n");
        await held._line.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
        await held._line.GetStream().WriteAsync(new byte[Sent]);
        return held;
    }

    /// <summary>The rest; gives the first words of the answer.</summary>
    public async Task<string> FinishAsync()
    {
        await _line.GetStream().WriteAsync(new byte[Chunk - Sent]);
        var answer = new byte[32];
        var length = await _line.GetStream().ReadAtLeastAsync(answer, 16, throwOnEndOfStream: false).AsTask().WaitAsync(TimeSpan.FromMinutes(2));
        return Encoding.ASCII.GetString(answer, 0, length);
    }

    public void Dispose() => _line.Dispose();
}
