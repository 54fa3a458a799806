using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Messages;

/// <summary>Keeps a message until its time, and lets its sender change their mind.</summary>
internal sealed class ScheduleMessage(IScheduledStore store, DueTimer due, TimeProvider clock)
{
    private static readonly TimeSpan Furthest = TimeSpan.FromDays(366);

    public async Task<Result<SendOutcome>> HandleAsync(UserId sender, SendMessageRequest request, CancellationToken cancellation)
    {
        if (RefuseTime(request.SendAt!.Value) is { } refusal)
            return refusal;
        if (!(await store.AddAsync(sender, request, clock.GetUtcNow(), cancellation)).Succeeded(out var added, out var failure))
            return failure;
        if (added.Sent is { } sent)
            return new SendOutcome(EventJson.OfMessage(MessageView.Neutral(sent, request.ChatId!.Value, clock.GetUtcNow())), Repeated: true);
        due.Expect(added.Waiting!.SendAt);
        return new SendOutcome(default, Repeated: false, added.Waiting);
    }

    public async Task<Result<ScheduledMessage>> ChangeAsync(UserId sender, ScheduledId id, RescheduleRequest request, CancellationToken cancellation)
    {
        if (request.Content is { } content && MessageRules.RefuseContent(content) is { } wrong)
            return wrong;
        if (request.SendAt is { } at && RefuseTime(at) is { } refusal)
            return refusal;
        var result = await store.ChangeAsync(sender, id, request.Content, request.SendAt, cancellation);
        if (result.Succeeded(out var scheduled, out _))
            due.Expect(scheduled.SendAt);
        return result;
    }

    // A time that has just passed is sent at once: the way here took a moment.
    private Failure? RefuseTime(DateTimeOffset at)
    {
        var now = clock.GetUtcNow();
        return at < now.AddMinutes(-1) || at > now + Furthest
            ? Failure.OfField(ErrorCodes.ValidationFailed, "send_at", "must be a time from now to a year ahead")
            : null;
    }
}
