using System.Net.WebSockets;
using System.Security.Cryptography;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Transfers;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Transfers;

/// <summary>Offers, and lines that can be cut, in the words of the tests.</summary>
internal static class Transferring
{
    public const int Mebi = 1024 * 1024;

    public static async Task<TransferId> OfferAsync(this Person sender, Person receiver, long size, int? chunkSize = Mebi) =>
        (await sender.Transfers.OfferAsync(new OfferTransferRequest { ReceiverId = receiver.Id, Filename = "film.mkv", Size = size, ChunkSize = chunkSize })).TransferId;

    public static byte[] Bytes(int length) => RandomNumberGenerator.GetBytes(length);

    public static Task<SocketClient> RelayAsync(this App app, Person person, string side, TransferId id) =>
        SocketClient.ConnectAsync(app, $"/api/v1/p2p/{side}/{id}", ["hypersend.v1", "bearer." + person.AccessToken]);

    /// <summary>A binary frame of the relay.</summary>
    public static byte[] Frame(long chunk, long offset, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[RelayHead.Length + payload.Length];
        new RelayHead(chunk, offset).Write(frame);
        payload.CopyTo(frame.AsSpan(RelayHead.Length));
        return frame;
    }

    /// <summary>A chunk of a file that is cut at every mebibyte, and the word that follows it.</summary>
    public static async Task SendChunkAsync(this SocketClient sender, byte[] file, int chunk)
    {
        var bytes = file.AsMemory(chunk * Mebi, Math.Min(Mebi, file.Length - (chunk * Mebi)));
        for (var at = 0; at < bytes.Length; at += RelayHead.Step)
            await sender.SendAsync(Frame(chunk, at, bytes.Span[at..Math.Min(bytes.Length, at + RelayHead.Step)]), WebSocketMessageType.Binary);
        await sender.SendAsync($$"""{"type":"chunk","index":{{chunk}},"sha256":"{{HexOf(bytes.Span)}}"}""");
    }

    public static string HexOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
