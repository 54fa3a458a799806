using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Validation;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Hypersend.Server.Features.Compat;

/// <summary>The messages of a room for clients of other servers. They know no joining: who writes into a room comes in.</summary>
internal static class CompatMessages
{
    public static void MapCompatMessages(this IEndpointRouteBuilder routes)
    {
        var messages = routes.MapGroup("/api/messages/{room_id}").WithTags("Compat").RequireAuthorization().LimitedBy(RateLimitTable.Messages);
        messages.MapGet("", List);
        messages.MapGet("/recent", List);
        messages.MapPost("", Send).LimitedBy(RateLimitTable.Sending);
    }

    private static async Task<Results<Ok<IReadOnlyList<CompatMessage>>, Problem>> List(
        Caller caller, [FromRoute(Name = "room_id")] ChatId roomId, IMessageStore store, TimeProvider clock, long? before, int? limit, CancellationToken cancellation)
    {
        var wish = new PageWish(before, After: null, Around: null, PageLimits.Clamp(limit), Thread: null);
        if (!(await store.PageAsync(caller.UserId, roomId, wish, cancellation)).Succeeded(out var page, out var failure))
            return new Problem(failure);
        var now = clock.GetUtcNow();
        return TypedResults.Ok<IReadOnlyList<CompatMessage>>([.. page.Items.Select(seen => new CompatMessage(seen.Show(now)))]);
    }

    private static async Task<Results<Created<CompatMessage>, Ok<CompatMessage>, Problem>> Send(
        Caller caller, [FromRoute(Name = "room_id")] ChatId roomId, CompatSendRequest request, IChatStore chats, JoinChat join, SendMessage send, CancellationToken cancellation)
    {
        if (await chats.FindTypeAsync(roomId, cancellation) == ChatTypes.Room
            && (await join.HandleAsync(caller.UserId, roomId, cancellation)).Failure is { } closed)
        {
            return new Problem(closed);
        }

        var message = new SendMessageRequest { ChatId = roomId, Content = request.Content ?? request.Message ?? request.Text, ClientId = request.ClientId };
        if (!(await send.HandleAsync(caller.UserId, message, cancellation)).Succeeded(out var outcome, out var failure))
            return new Problem(failure);
        var sent = new CompatMessage(JsonSerializer.Deserialize(outcome.Message.Span, HypersendJson.Wire.Message)!);
        return outcome.Repeated ? TypedResults.Ok(sent) : TypedResults.Created((string?)null, sent);
    }
}

/// <summary>A message with the names that others have for its parts.</summary>
internal sealed record CompatMessage : Message
{
    [SetsRequiredMembers]
    public CompatMessage(Message message)
        : base(message)
    {
    }

    public ChatId RoomId => ChatId;

    public UserId UserId => Sender.Id;

    public UserId SenderId => Sender.Id;

    public string Username => Sender.Username;

    public string MessageType => Type;

    public string? Text => Content;

    public DateTimeOffset Timestamp => CreatedAt;
}

/// <summary>What to say, by whichever of the three names.</summary>
internal sealed record CompatSendRequest
{
    [Text(0, SendMessageRequest.MaxContent)]
    public string? Content { get; init; }

    [Text(0, SendMessageRequest.MaxContent)]
    public string? Message { get; init; }

    [Text(0, SendMessageRequest.MaxContent)]
    public string? Text { get; init; }

    [Text(1, 100)]
    public string? ClientId { get; init; }
}
