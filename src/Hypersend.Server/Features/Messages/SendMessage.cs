using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Messages;

/// <summary>Sends a message, or keeps it until its time. The answer comes when it is on disk.</summary>
internal sealed class SendMessage(MessageWriter writer, ScheduleMessage schedule)
{
    public async ValueTask<Result<SendOutcome>> HandleAsync(UserId sender, SendMessageRequest request, CancellationToken cancellation)
    {
        if (MessageRules.Refuse(request) is { } refusal)
            return refusal;
        if (request.SendAt is not null)
            return await schedule.HandleAsync(sender, request, cancellation);
        return await writer.SendAsync(MessageRules.ToNew(sender, request));
    }
}
