using System.Text.Json;
using System.Text.Json.Serialization;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Features.Users;

namespace Hypersend.Server.Features.Messages;

/// <summary>A stored message as the wire shows it: the same for everybody, or with what is one viewer's own.</summary>
internal static class MessageView
{
    /// <summary>For events, which all listeners share.</summary>
    public static Message Neutral(MessageRow row, ChatId chat, DateTimeOffset now)
    {
        // The sweeper may be a moment late; what has expired is not shown all the same.
        var deletedAt = row.DeletedAt ?? (row.ExpiresAt is { } end && end <= now ? end : null);
        var gone = deletedAt is not null;
        var seq = MessageKey.SeqOf(row.Key);
        var mentions = gone || row.Mentions is null ? [] : JsonSerializer.Deserialize(row.Mentions, StoredJson.Default.UserIdArray)!;
        return new Message
        {
            Id = new MessageId(chat, seq),
            ChatId = chat,
            Seq = seq,
            Rev = MessageKey.SeqOf(row.RevKey),
            Type = row.Type,
            Sender = new Person
            {
                Id = row.SenderId,
                Username = row.SenderUsername,
                Name = row.SenderName,
                AvatarUrl = UserRules.AvatarUrl(row.SenderId, row.SenderAvatar),
            },
            Content = gone ? null : row.Content,
            ClientId = row.ClientId,
            ReplyTo = MessageKey.ToId(chat, row.ReplyKey),
            Thread = MessageKey.ToId(chat, row.ThreadKey),
            ThreadCount = row.ThreadCount,
            Files = gone || row.Files is null ? [] : JsonSerializer.Deserialize(row.Files, StoredJson.Default.SharedFileArray)!,
            Reactions = gone || row.Reactions is null ? [] : JsonSerializer.Deserialize(row.Reactions, StoredJson.Default.ReactionArray)!,
            Mentions = mentions.Length == 0 ? mentions : [.. mentions.Where(id => id != default)],
            MentionsAll = mentions.Contains(default),
            Pinned = !gone && row.PinnedAt is not null,
            EditedAt = row.EditedAt,
            DeletedAt = deletedAt,
            FailedAt = row.FailedAt,
            ExpiresAt = row.ExpiresAt,
            ForwardedFrom = gone || row.ForwardedFrom is null ? null : MessageId.Read(row.ForwardedFrom),
            ForwardedSender = gone || row.ForwardedSender is not { } author ? null : new Person
            {
                Id = author,
                Username = row.ForwardedUsername ?? "",
                Name = row.ForwardedName ?? "",
                AvatarUrl = UserRules.AvatarUrl(author, row.ForwardedAvatar),
            },
            CreatedAt = row.CreatedAt,
            Preview = gone || row.Preview is null ? null : JsonSerializer.Deserialize(row.Preview, StoredJson.Default.LinkPreview),
            System = row.System is null ? null : JsonSerializer.Deserialize(row.System, StoredJson.Default.SystemNote),
        };
    }

    /// <summary>With my own reactions and whether I keep it.</summary>
    public static Message For(MessageRow row, ChatId chat, DateTimeOffset now, IReadOnlySet<string>? myReactions, bool bookmarked)
    {
        var message = Neutral(row, chat, now);
        return message with
        {
            Bookmarked = bookmarked,
            Reactions = message.Reactions.Count == 0
                ? message.Reactions
                : [.. message.Reactions.Select(reaction => reaction with { Me = myReactions?.Contains(reaction.Emoji) ?? false })],
        };
    }
}

/// <summary>The JSON inside columns; it is nobody's contract but the database's.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(UserId[]))]
[JsonSerializable(typeof(Reaction[]))]
[JsonSerializable(typeof(SharedFile[]))]
[JsonSerializable(typeof(SystemNote))]
[JsonSerializable(typeof(LinkPreview))]
[JsonSerializable(typeof(SendMessageRequest))]
internal sealed partial class StoredJson : JsonSerializerContext;
