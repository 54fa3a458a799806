using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Messages;

/// <summary>A message on its way into the chat; its form was checked, its rights are checked in the transaction.</summary>
internal sealed record NewMessage
{
    public required UserId Sender { get; init; }

    public required ChatId Chat { get; init; }

    public required string Content { get; init; }

    public string? ClientId { get; init; }

    public MessageId? ReplyTo { get; init; }

    public MessageId? Thread { get; init; }

    public MessageId? ForwardOf { get; init; }

    public IReadOnlyList<FileId> Files { get; init; } = [];

    public long? ExpiresInSeconds { get; init; }

    /// <summary>Its sender wants no preview of its links.</summary>
    public bool NoPreview { get; init; }

    /// <summary>Scheduled and late ones must not mark as read what their sender has not seen.</summary>
    public bool MovesReadMark { get; init; } = true;

    /// <summary>The waiting row that this send uses up, in the same commit.</summary>
    public ScheduledId? Scheduled { get; init; }
}

/// <summary>The outcomes in the order of the batch, and the changes by chat.</summary>
internal sealed record AppendedBatch(IReadOnlyList<Result<Appended>> Outcomes, IReadOnlyList<ChatChange> Changes);

/// <summary>The stored message; repeated when the client id had brought it in before.</summary>
internal sealed record Appended(MessageRow Row, bool Repeated);
