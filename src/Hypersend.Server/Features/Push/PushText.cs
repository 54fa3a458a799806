using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Push;
using Hypersend.Contracts.Users;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Features.Push;

/// <summary>What stands in a push: kinds and names, no sentences of ours, and never more than push services take.</summary>
internal static class PushText
{
    private const int MostTitle = 100;
    private const int MostBody = 300;

    public static PushNotice Of(ChatNews news, Recipient device, Message message, string kind, UserSettings settings, long? badge)
    {
        var isHidden = settings.Notifications?.Preview == false;
        var notice = new PushNotice
        {
            Kind = kind,
            ChatId = news.Chat,
            ChatType = news.Type,
            MessageId = message.Id,
            Seq = message.Seq,
            Hidden = isHidden,
            Unread = Math.Max(device.Unread, 1),
            Badge = badge,
            Silent = settings.Notifications?.Sound == false,
            Language = settings.Language is { Length: > 0 } language ? language : null,
            At = message.CreatedAt,
        };
        if (isHidden)
            return notice;
        var sender = Excerpt.Of(message.Sender.Name.Length > 0 ? message.Sender.Name : message.Sender.Username, MostTitle);
        return notice with
        {
            Title = news.Type == ChatTypes.Direct ? sender : Excerpt.Of(news.Name, MostTitle),
            Sender = sender,

            // What destroys itself must not stay on a lock screen.
            Body = message.ExpiresAt is null && !string.IsNullOrWhiteSpace(message.Content) ? Excerpt.Of(message.Content, MostBody) : null,
            Type = message.Type,
            Files = message.Files.Count > 0 ? message.Files.Count : null,
            Icon = message.Sender.AvatarUrl,
        };
    }

    public static byte[] Write(PushNotice notice)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(notice, HypersendJson.Wire.PushNotice);

        // Controls are written as six bytes each; a text of nothing else would not fit.
        return bytes.Length <= PushEncryption.MostBytes
            ? bytes
            : JsonSerializer.SerializeToUtf8Bytes(notice with { Body = null }, HypersendJson.Wire.PushNotice);
    }
}
