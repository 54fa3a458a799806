using System.ComponentModel;
using Hypersend.Contracts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hypersend.Server.Features.Messages;

/// <summary>/messages: sending, reading and changing them.</summary>
internal static class MessageEndpoints
{
    public static void MapMessages(this IEndpointRouteBuilder api)
    {
        var messages = api.MapGroup("/messages").WithTags("Messages").RequireAuthorization().LimitedBy(RateLimitTable.Messages);
        messages.MapPost("", Send).WithSummary("Send a message, now or later").LimitedBy(RateLimitTable.Sending);
        messages.MapGet("/{id}", GetPage).WithSummary("A stretch of a chat's history; the id is the chat's");
        messages.MapGet("/item/{id}", GetMessage).WithSummary("One message");
        messages.MapPut("/{id}", Edit).WithSummary("Change what my message says");
        messages.MapDelete("/{id}", Delete).WithSummary("Delete a message");
        messages.MapGet("/{id}/history", GetHistory).WithSummary("What an edited message said before");
        messages.MapGet("/{id}/receipts", ListReceipts).WithSummary("Whom it reached and who has read it");
        messages.MapPost("/{id}/react", React).WithSummary("React with an emoji");
        messages.MapDelete("/{id}/react/{emoji}", Unreact).WithSummary("Take my reaction back");
        messages.MapPost("/{id}/pin", Pin).WithSummary("Pin a message");
        messages.MapDelete("/{id}/pin", Unpin).WithSummary("Unpin a message");
        messages.MapPost("/{id}/bookmark", Bookmark).WithSummary("Keep a message among my bookmarks");
        messages.MapDelete("/{id}/bookmark", Unbookmark).WithSummary("Remove it from my bookmarks");
        messages.MapScheduled();
        api.MapCollections();
        api.MapPublish();
    }

    internal static async Task<Results<ReadyMessage, Accepted<ScheduledMessage>, Problem>> Send(
        Caller caller, SendMessageRequest request, SendMessage send, CancellationToken cancellation)
    {
        if (!(await send.HandleAsync(caller.UserId, request, cancellation)).Succeeded(out var outcome, out var failure))
            return new Problem(failure);
        return outcome.Scheduled is { } scheduled ? TypedResults.Accepted((string?)null, scheduled) : new ReadyMessage(outcome);
    }

    private static async Task<Results<Ok<MessagePage>, Problem>> GetPage(
        Caller caller, [Description("The chat's id.")] ChatId id, IMessageStore store, TimeProvider clock,
        long? before, long? after, long? around, int? limit, MessageId? thread, CancellationToken cancellation)
    {
        if ((before is null ? 0 : 1) + (after is null ? 0 : 1) + (around is null ? 0 : 1) > 1)
            return new Problem(Failure.OfField(ErrorCodes.ValidationFailed, "before", "cannot be combined with after or around"));
        var wish = new PageWish(before, after, around, PageLimits.Clamp(limit), thread);
        if (!(await store.PageAsync(caller.UserId, id, wish, cancellation)).Succeeded(out var page, out var failure))
            return new Problem(failure);
        var now = clock.GetUtcNow();
        return TypedResults.Ok(new MessagePage
        {
            Items = [.. page.Items.Select(seen => seen.Show(now))],
            HasMoreBefore = page.HasMoreBefore,
            HasMoreAfter = page.HasMoreAfter,
            Rev = page.Rev,
        });
    }

    private static async Task<Results<Ok<Message>, Problem>> GetMessage(
        Caller caller, MessageId id, IMessageStore store, TimeProvider clock, CancellationToken cancellation) =>
        (await store.FindAsync(caller.UserId, id, cancellation)).Succeeded(out var seen, out var failure)
            ? TypedResults.Ok(seen.Show(clock.GetUtcNow()))
            : new Problem(failure);

    private static async Task<Results<Ok<Message>, Problem>> Edit(
        Caller caller, MessageId id, EditMessageRequest request, EditMessage edit, CancellationToken cancellation) =>
        (await edit.HandleAsync(caller.UserId, id, request.Content!, cancellation)).ToAnswer();

    private static async Task<Results<NoContent, Problem>> Delete(Caller caller, MessageId id, DeleteMessage delete, CancellationToken cancellation) =>
        (await delete.HandleAsync(caller.UserId, id, cancellation)).Failure is { } failure ? new Problem(failure) : TypedResults.NoContent();

    private static async Task<Results<Ok<Page<MessageVersion>>, Problem>> GetHistory(
        Caller caller, MessageId id, IMessageStore store, TimeProvider clock, CancellationToken cancellation) =>
        (await store.HistoryAsync(caller.UserId, id, clock.GetUtcNow(), cancellation)).Succeeded(out var versions, out var failure)
            ? TypedResults.Ok(new Page<MessageVersion> { Items = versions })
            : new Problem(failure);

    private static async Task<Results<Ok<Page<Receipt>>, Problem>> ListReceipts(
        Caller caller, MessageId id, IMessageStore store, string? cursor, int? limit, CancellationToken cancellation)
    {
        var after = default(UserId);
        if (!string.IsNullOrEmpty(cursor) && (after = IdText.Read<UserId>(cursor)) == default)
            return new Problem(new Failure(ErrorCodes.InvalidCursor));
        var count = PageLimits.Clamp(limit);
        if (!(await store.ReceiptsAsync(caller.UserId, id, after, count + 1, cancellation)).Succeeded(out var receipts, out var failure))
            return new Problem(failure);
        return TypedResults.Ok(new Page<Receipt>
        {
            Items = [.. receipts.Take(count)],
            NextCursor = receipts.Count > count ? receipts[count - 1].User.Id.ToString() : null,
        });
    }

    private static async Task<Results<Ok<Message>, Problem>> React(
        Caller caller, MessageId id, ReactRequest request, ReactToMessage react, CancellationToken cancellation) =>
        (await react.HandleAsync(caller.UserId, id, request.Emoji!, on: true, cancellation)).ToAnswer();

    private static async Task<Results<NoContent, Problem>> Unreact(
        Caller caller, MessageId id, string emoji, ReactToMessage react, CancellationToken cancellation) =>
        (await react.HandleAsync(caller.UserId, id, emoji, on: false, cancellation)).Failure is { } failure ? new Problem(failure) : TypedResults.NoContent();

    private static async Task<Results<Ok<Message>, Problem>> Pin(Caller caller, MessageId id, PinMessage pin, CancellationToken cancellation) =>
        (await pin.HandleAsync(caller.UserId, id, on: true, cancellation)).ToAnswer();

    private static async Task<Results<NoContent, Problem>> Unpin(Caller caller, MessageId id, PinMessage pin, CancellationToken cancellation) =>
        (await pin.HandleAsync(caller.UserId, id, on: false, cancellation)).Failure is { } failure ? new Problem(failure) : TypedResults.NoContent();

    private static Task<Results<NoContent, Problem>> Bookmark(
        Caller caller, MessageId id, IMessageStore store, TimeProvider clock, CancellationToken cancellation) =>
        SetBookmark(caller, id, on: true, store, clock, cancellation);

    private static Task<Results<NoContent, Problem>> Unbookmark(
        Caller caller, MessageId id, IMessageStore store, TimeProvider clock, CancellationToken cancellation) =>
        SetBookmark(caller, id, on: false, store, clock, cancellation);

    private static async Task<Results<NoContent, Problem>> SetBookmark(
        Caller caller, MessageId id, bool on, IMessageStore store, TimeProvider clock, CancellationToken cancellation) =>
        (await store.BookmarkAsync(caller.UserId, id, on, clock.GetUtcNow(), cancellation)).Failure is { } failure
            ? new Problem(failure)
            : TypedResults.NoContent();

    private static Results<Ok<Message>, Problem> ToAnswer(this Result<Message> result) =>
        result.Succeeded(out var message, out var failure) ? TypedResults.Ok(message) : new Problem(failure);
}
