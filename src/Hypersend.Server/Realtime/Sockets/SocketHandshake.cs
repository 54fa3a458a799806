using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace Hypersend.Server.Realtime.Sockets;

/// <summary>The handshake of RFC 6455 over HTTP/1.1 and of RFC 8441 over HTTP/2. No extension is agreed on: nothing is compressed.</summary>
internal static class SocketHandshake
{
    public const string Version = "13";
    private const string BearerPrefix = "bearer.";
    private const string Protocol = "hypersend.v1";
    private const int KeyLength = 16;

    private static readonly byte[] KeySuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"u8.ToArray();

    /// <summary>Over HTTP/2 a socket is asked for by CONNECT; the routes need not know.</summary>
    public static void UseSocketsOverHttp2(this WebApplication app) => app.Use((context, next) =>
    {
        if (context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: "websocket" })
            context.Request.Method = HttpMethods.Get;
        return next(context);
    });

    public static bool IsAskedFor(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (headers.SecWebSocketVersion != Version)
            return false;
        if (context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true })
            return true;
        return context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
            && headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase)
            && IsKey(headers.SecWebSocketKey.ToString());
    }

    /// <summary>The token that a browser put where it can put one: among the protocols it offers.</summary>
    public static string? TokenOf(HttpRequest request) =>
        Offered(request).FirstOrDefault(offer => offer.StartsWith(BearerPrefix, StringComparison.Ordinal))?[BearerPrefix.Length..];

    public static async Task<Stream> AcceptAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        if (Offered(context.Request).Contains(Protocol))
            headers.SecWebSocketProtocol = Protocol;

        // A socket is quiet for as long as it likes; what does not read is our own care.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        if (context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect)
            return await connect.AcceptAsync();
        if (context.Features.Get<Microsoft.AspNetCore.Server.Kestrel.Core.Features.IHttpMinResponseDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        headers.Upgrade = "websocket";
        headers.SecWebSocketAccept = AnswerTo(context.Request.Headers.SecWebSocketKey.ToString());
        return await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
    }

    private static IEnumerable<string> Offered(HttpRequest request) =>
        request.Headers.SecWebSocketProtocol.SelectMany(line => line?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? []);

    private static bool IsKey(string key)
    {
        Span<byte> bytes = stackalloc byte[KeyLength + 3];
        return Convert.TryFromBase64String(key, bytes, out var length) && length == KeyLength;
    }

#pragma warning disable CA5350 // The handshake is defined with SHA-1; it proves that we speak WebSocket, and nothing else.
    private static string AnswerTo(string key)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData([.. Encoding.ASCII.GetBytes(key), .. KeySuffix], hash);
        return Convert.ToBase64String(hash);
    }
#pragma warning restore CA5350
}

/// <summary>A stream of the framework as pipes.</summary>
internal sealed class StreamPipes(Stream stream, int buffer = StreamPipes.Small) : IDuplexPipe
{
    private const int Small = 4096;

    public PipeReader Input { get; } = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: buffer, useZeroByteReads: true));

    public PipeWriter Output { get; } = PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: buffer));
}
