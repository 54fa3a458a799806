using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hypersend.Server.Features.Messages;

/// <summary>/channels/{id}/publish: a send, under the name that channels have for it.</summary>
internal static class PublishEndpoint
{
    public static void MapPublish(this IEndpointRouteBuilder api) =>
        api.MapPost("/channels/{id}/publish", Publish).WithTags("Channels").WithSummary("Publish in a channel, now or later")
            .RequireAuthorization().LimitedBy(RateLimitTable.Sending);

    private static async Task<Results<ReadyMessage, Accepted<ScheduledMessage>, Problem>> Publish(
        Caller caller, ChatId id, PublishRequest request, IChatStore chats, SendMessage send, CancellationToken cancellation)
    {
        if (await chats.FindTypeAsync(id, cancellation) != ChatTypes.Channel)
            return new Problem(new Failure(ErrorCodes.NotFound));
        return await MessageEndpoints.Send(caller, request.ToSend(id), send, cancellation);
    }
}
