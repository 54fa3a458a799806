using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Messages;

/// <summary>Where messages wait for their time.</summary>
internal interface IScheduledStore
{
    /// <summary>Idempotent by the client id: what waits with it already, or was sent with it, is the answer.</summary>
    Task<Result<AddedSchedule>> AddAsync(UserId sender, SendMessageRequest request, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Mine in this chat, the soonest first.</summary>
    Task<Result<IReadOnlyList<ScheduledMessage>>> ListAsync(UserId sender, ChatId chat, CancellationToken cancellation);

    /// <summary>Null content and time stay as they are.</summary>
    Task<Result<ScheduledMessage>> ChangeAsync(UserId sender, ScheduledId id, string? content, DateTimeOffset? sendAt, CancellationToken cancellation);

    /// <summary>False when it is not there (any more), or not mine.</summary>
    Task<bool> DeleteAsync(UserId sender, ScheduledId id, CancellationToken cancellation);

    /// <summary>
    /// Takes messages whose time has come, by the database's rows alone: each is given to one node, and to another one
    /// when the lease is over and it is still there.
    /// </summary>
    Task<IReadOnlyList<DueMessage>> TakeDueAsync(DateTimeOffset now, TimeSpan lease, int limit, CancellationToken cancellation);

    /// <summary>Keeps it, with the reason why it was not sent, for its sender to see.</summary>
    Task FailAsync(ScheduledId id, string code, CancellationToken cancellation);

    Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellation);
}

/// <summary>A message whose time has come.</summary>
internal sealed record DueMessage(ScheduledId Id, UserId Sender, SendMessageRequest Request);

/// <summary>The message that waits, or the one that its client id had brought in before.</summary>
internal sealed record AddedSchedule(ScheduledMessage? Waiting, MessageRow? Sent);
