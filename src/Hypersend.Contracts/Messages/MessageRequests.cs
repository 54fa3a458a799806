using System.ComponentModel.DataAnnotations;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Validation;

namespace Hypersend.Contracts.Messages;

public sealed record SendMessageRequest
{
    public const int MaxContent = 10_000;

    [Needed]
    public ChatId? ChatId { get; init; }

    [Text(0, MaxContent)]
    public string? Content { get; init; }

    /// <summary>Chosen by the client: sent again with the same one, the first message is the answer.</summary>
    [Text(1, 100)]
    public string? ClientId { get; init; }

    public MessageId? ReplyTo { get; init; }

    public MessageId? Thread { get; init; }

    [MaxLength(100, ErrorMessage = "must have at most 100 entries")]
    public IReadOnlyList<string>? FileIds { get; init; }

    /// <summary>A message of any chat I see; its content is copied.</summary>
    public MessageId? ForwardOf { get; init; }

    /// <summary>Send it then, not now: at most a year ahead.</summary>
    public DateTimeOffset? SendAt { get; init; }

    /// <summary>It destroys itself so many seconds after it was sent.</summary>
    [Range(1, 31_536_000, ErrorMessage = "must be a second to a year, in seconds")]
    public long? ExpiresIn { get; init; }

    /// <summary>Its links get no preview.</summary>
    public bool? NoPreview { get; init; }
}

public sealed record EditMessageRequest
{
    [Needed]
    [Text(0, SendMessageRequest.MaxContent)]
    public string? Content { get; init; }
}

public sealed record ReactRequest
{
    [Needed]
    [Text(1, 16)]
    public string? Emoji { get; init; }
}

/// <summary>Absent fields stay as they are.</summary>
public sealed record RescheduleRequest
{
    [Text(0, SendMessageRequest.MaxContent)]
    public string? Content { get; init; }

    public DateTimeOffset? SendAt { get; init; }
}

/// <summary>A message to a channel, which the address names.</summary>
public sealed record PublishRequest
{
    [Text(0, SendMessageRequest.MaxContent)]
    public string? Content { get; init; }

    /// <summary>Chosen by the client: sent again with the same one, the first message is the answer.</summary>
    [Text(1, 100)]
    public string? ClientId { get; init; }

    public MessageId? ReplyTo { get; init; }

    public MessageId? Thread { get; init; }

    [MaxLength(100, ErrorMessage = "must have at most 100 entries")]
    public IReadOnlyList<string>? FileIds { get; init; }

    public MessageId? ForwardOf { get; init; }

    public DateTimeOffset? SendAt { get; init; }

    [Range(1, 31_536_000, ErrorMessage = "must be a second to a year, in seconds")]
    public long? ExpiresIn { get; init; }

    public SendMessageRequest ToSend(ChatId channel) => new()
    {
        ChatId = channel,
        Content = Content,
        ClientId = ClientId,
        ReplyTo = ReplyTo,
        Thread = Thread,
        FileIds = FileIds,
        ForwardOf = ForwardOf,
        SendAt = SendAt,
        ExpiresIn = ExpiresIn,
    };
}
