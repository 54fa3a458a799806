using System.Security.Cryptography;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Push;
using Hypersend.Contracts.Users;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Features.Push;

/// <summary>Makes the pushes: what they carry, how long a push service keeps them, and what they replace there.</summary>
internal sealed class PushJobs(KeyRing keys)
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly byte[] _topicKey = keys.Derive("push-topic").Secret;

    public PushJob OfMessage(ChatNews news, Chosen chosen, long? badge, DateTimeOffset since, DateTimeOffset now)
    {
        var (device, message, kind, settings) = chosen;
        var left = message.ExpiresAt - now ?? Longest;
        return new PushJob
        {
            Device = device.Id,
            User = device.UserId,
            Endpoint = new Uri(device.Endpoint),
            Keys = new SubscriptionKeys(device.P256dh, device.Auth),
            Text = PushText.Write(PushText.Of(news, device, message, kind, settings, badge)),
            Chat = news.Chat,
            ChatNo = news.ChatNo,
            Shows = message.Seq,
            Rev = message.Rev,
            From = news.From,
            Urgency = kind != PushKinds.Message || news.Type == ChatTypes.Direct ? "high" : "normal",
            TimeToLive = left < Longest ? left : Longest,
            Topic = TopicOf(device.Id, news.Chat),
            Since = since,
        };
    }

    /// <summary>The push that takes away what a device shows of a chat, up to this message.</summary>
    public PushJob ToClear(ShownDevice device, long seq, long? badge, DateTimeOffset now) => new()
    {
        Device = device.Id,
        User = device.UserId,
        Endpoint = new Uri(device.Endpoint),
        Keys = new SubscriptionKeys(device.P256dh, device.Auth),
        Text = PushText.Write(new PushNotice { Kind = PushKinds.Clear, ChatId = device.ChatId, Seq = seq, Badge = badge }),
        Chat = device.ChatId,
        ChatNo = device.ChatNo,
        Clears = seq,
        Urgency = "normal",

        // As long as what it takes away: a phone that was off gets one of the two, and it is the later one.
        TimeToLive = Longest,
        Topic = TopicOf(device.Id, device.ChatId),
        Since = now,
    };

    /// <summary>What is left of a push whose message is not to be told any more: to clear what it would have replaced.</summary>
    public static PushJob ToClear(PushJob job, long seq, long? badge) => job with
    {
        Text = PushText.Write(new PushNotice { Kind = PushKinds.Clear, ChatId = job.Chat, Seq = seq, Badge = badge }),
        Shows = null,
        Urgency = "normal",
        TimeToLive = Longest,
    };

    public static PushJob OfTest(SubscriptionRow device, DateTimeOffset now) => new()
    {
        Device = device.Id,
        User = device.UserId,
        Endpoint = new Uri(device.Endpoint),
        Keys = new SubscriptionKeys(device.P256dh, device.Auth),
        Text = PushText.Write(new PushNotice { Kind = PushKinds.Test, At = now }),
        Urgency = "high",
        TimeToLive = TimeSpan.FromMinutes(5),
        Since = now,
    };

    // What waits at the push service for one chat is replaced by what comes later. The word tells the push service nothing.
    private string TopicOf(SubscriptionId device, ChatId chat)
    {
        Span<byte> both = stackalloc byte[32];
        device.Value.TryWriteBytes(both);
        chat.Value.TryWriteBytes(both[16..]);
        return StrictBase64Url.Encode(HMACSHA256.HashData(_topicKey, both).AsSpan(0, 18));
    }
}

/// <summary>What one device is told, and why.</summary>
internal sealed record Chosen(Recipient Device, Message Message, string Kind, UserSettings Settings);
