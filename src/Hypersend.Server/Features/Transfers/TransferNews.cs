using Hypersend.Contracts;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Transfers;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform.Settings;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Transfers;

/// <summary>A transfer as the wire shows it, and what its two people are told of it.</summary>
internal sealed class TransferNews(IBus bus, ServerOptions options)
{
    private const string Root = "/api/v1/p2p";

    public Transfer Present(TransferRow row) => new()
    {
        Id = row.Id,
        Sender = new Person { Id = row.SenderId, Username = row.SenderUsername, Name = row.SenderName, AvatarUrl = UserRules.AvatarUrl(row.SenderId, row.SenderAvatar) },
        Receiver = new Person { Id = row.ReceiverId, Username = row.ReceiverUsername, Name = row.ReceiverName, AvatarUrl = UserRules.AvatarUrl(row.ReceiverId, row.ReceiverAvatar) },
        Filename = row.Filename,
        Size = row.Size,
        Mime = row.Mime,
        ChunkSize = row.ChunkSize,
        TotalChunks = row.TotalChunks,
        State = row.State,
        CreatedAt = row.CreatedAt,
        ExpiresAt = row.ExpiresAt,
        EndedAt = row.EndedAt,
        FileId = row.FileId,
        SenderWsUrl = UrlOf("sender", row.Id),
        ReceiverWsUrl = UrlOf("receiver", row.Id),
    };

    public void Tell(string type, TransferRow row)
    {
        var told = EventJson.Of(new TransferEvent { Type = type, TransferId = row.Id, Transfer = Present(row) }, HypersendJson.Wire.TransferEvent);
        TellBoth(row, told);
    }

    public void TellProgress(TransferRow row, long received, string? route) => TellBoth(
        row, EventJson.Of(new TransferProgressEvent { TransferId = row.Id, Received = received, Size = row.Size, Route = route }, HypersendJson.Wire.TransferProgressEvent));

    private void TellBoth(TransferRow row, ReadOnlyMemory<byte> json)
    {
        bus.Publish(new UserNotice(row.SenderId, json));
        bus.Publish(new UserNotice(row.ReceiverId, json));
    }

    private string UrlOf(string side, TransferId id) =>
        new UriBuilder(new Uri(options.PublicUrl, $"{Root}/{side}/{id}")) { Scheme = options.PublicUrl.Scheme == Uri.UriSchemeHttps ? "wss" : "ws" }.Uri.ToString();
}
