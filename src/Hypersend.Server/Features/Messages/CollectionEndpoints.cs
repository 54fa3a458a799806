using System.Globalization;
using Hypersend.Contracts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hypersend.Server.Features.Messages;

/// <summary>Messages gathered by what somebody did with them: pins, bookmarks, those that wait for their time.</summary>
internal static class CollectionEndpoints
{
    public static void MapCollections(this IEndpointRouteBuilder api)
    {
        api.MapGet("/bookmarks", ListBookmarks).WithTags("Messages").WithSummary("My bookmarks, the latest first")
            .RequireAuthorization().LimitedBy(RateLimitTable.Messages);
        var chats = api.MapGroup("/chats/{id}").WithTags("Chats").RequireAuthorization().LimitedBy(RateLimitTable.Messages);
        chats.MapGet("/pins", ListPins).WithSummary("The pinned messages, the newest first");
        chats.MapGet("/scheduled", ListScheduled).WithSummary("My messages that wait for their time");
    }

    public static void MapScheduled(this IEndpointRouteBuilder messages)
    {
        messages.MapPut("/scheduled/{id}", Reschedule).WithSummary("Change a message that waits");
        messages.MapDelete("/scheduled/{id}", Unschedule).WithSummary("Do not send it after all");
    }

    private static async Task<Results<Ok<Page<Message>>, Problem>> ListPins(
        Caller caller, ChatId id, IMessageStore store, TimeProvider clock, string? cursor, int? limit, CancellationToken cancellation)
    {
        // One more would run into the number of the next chat.
        long before = uint.MaxValue;
        if (!string.IsNullOrEmpty(cursor) && !(long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out before) && before <= uint.MaxValue))
            return new Problem(new Failure(ErrorCodes.InvalidCursor));
        var count = PageLimits.Clamp(limit);
        if (!(await store.PinsAsync(caller.UserId, id, before, count + 1, cancellation)).Succeeded(out var pins, out var failure))
            return new Problem(failure);
        var now = clock.GetUtcNow();
        return TypedResults.Ok(new Page<Message>
        {
            Items = [.. pins.Take(count).Select(seen => seen.Show(now))],
            NextCursor = pins.Count > count ? MessageKey.SeqOf(pins[count - 1].Row.Key).ToString(CultureInfo.InvariantCulture) : null,
        });
    }

    private static async Task<Results<Ok<Page<Message>>, Problem>> ListBookmarks(
        Caller caller, IMessageStore store, TimeProvider clock, string? cursor, int? limit, CancellationToken cancellation)
    {
        var (before, beforeKey) = (DateTimeOffset.MaxValue, 0L);
        if (!string.IsNullOrEmpty(cursor) && !TryReadCursor(cursor, out before, out beforeKey))
            return new Problem(new Failure(ErrorCodes.InvalidCursor));
        var count = PageLimits.Clamp(limit);
        var marks = await store.BookmarksAsync(caller.UserId, before, beforeKey, count + 1, cancellation);
        var now = clock.GetUtcNow();
        return TypedResults.Ok(new Page<Message>
        {
            Items = [.. marks.Take(count).Select(mark => mark.Message.Show(now))],
            NextCursor = marks.Count > count
                ? string.Create(CultureInfo.InvariantCulture, $"{marks[count - 1].At.ToUnixTimeMilliseconds():x}-{marks[count - 1].Message.Row.Key:x}")
                : null,
        });
    }

    private static async Task<Results<Ok<Page<ScheduledMessage>>, Problem>> ListScheduled(
        Caller caller, ChatId id, IScheduledStore store, CancellationToken cancellation) =>
        (await store.ListAsync(caller.UserId, id, cancellation)).Succeeded(out var waiting, out var failure)
            ? TypedResults.Ok(new Page<ScheduledMessage> { Items = waiting })
            : new Problem(failure);

    private static async Task<Results<Ok<ScheduledMessage>, Problem>> Reschedule(
        Caller caller, ScheduledId id, RescheduleRequest request, ScheduleMessage schedule, CancellationToken cancellation) =>
        (await schedule.ChangeAsync(caller.UserId, id, request, cancellation)).Succeeded(out var scheduled, out var failure)
            ? TypedResults.Ok(scheduled)
            : new Problem(failure);

    private static async Task<Results<NoContent, Problem>> Unschedule(Caller caller, ScheduledId id, IScheduledStore store, CancellationToken cancellation) =>
        await store.DeleteAsync(caller.UserId, id, cancellation) ? TypedResults.NoContent() : new Problem(new Failure(ErrorCodes.NotFound));

    private static bool TryReadCursor(string cursor, out DateTimeOffset before, out long beforeKey)
    {
        before = default;
        beforeKey = 0;
        var parts = cursor.Split('-');
        if (parts.Length != 2 ||
            !long.TryParse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var at) || at is < 0 or > 253402300799999 ||
            !long.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out beforeKey) || beforeKey < 0)
            return false;
        before = DateTimeOffset.FromUnixTimeMilliseconds(at);
        return true;
    }
}
