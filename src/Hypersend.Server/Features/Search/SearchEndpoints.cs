using System.ComponentModel;
using System.Globalization;
using Hypersend.Contracts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Search;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;
using Hypersend.Server.Platform.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Hypersend.Server.Features.Search;

/// <summary>/search: messages, files, or a few of everything.</summary>
internal static class SearchEndpoints
{
    private const int MostCharacters = 2_000;
    private const int SectionDefault = 5;
    private const int SectionMost = 20;

    public static void MapSearch(this IEndpointRouteBuilder api)
    {
        var search = api.MapGroup("/search").WithTags("Search").RequireAuthorization().LimitedBy(RateLimitTable.Search);
        search.MapGet("", SearchAnything).WithSummary("A few people, chats, files and messages by these words");
        search.MapGet("/messages", SearchMessages).WithSummary("Messages in my chats, the newest first");
        search.MapGet("/files", SearchFiles).WithSummary("Files in my chats by their names, the newest first");
        api.MapPost("/admin/search/rebuild", Rebuild).WithTags("Admin").WithSummary("Make the search index anew, beside everybody's work")
            .RequireAdmin().LimitedBy(RateLimitTable.Admin);
    }

    private static async Task<Results<Ok<SearchAnswer>, Problem>> SearchAnything(
        Caller caller, FindAnything find, string? q, int? limit, CancellationToken cancellation)
    {
        if (!Read(q).Succeeded(out var query, out var failure))
            return new Problem(failure);
        return (await find.HandleAsync(Viewer.Of(caller), q!, query, Math.Clamp(limit ?? SectionDefault, 1, SectionMost), cancellation)).Succeeded(out var answer, out failure)
            ? TypedResults.Ok(answer)
            : new Problem(failure);
    }

    private static async Task<Results<Ok<Page<FoundMessage>>, Problem>> SearchMessages(
        Caller caller, FindMessages find,
        [Description("Words, \"phrases\", -words, and from: in: has:file|link|image before: after: filename: size> mentions:me is:pinned")] string? q,
        [FromQuery(Name = "chat_id")] ChatId? chat, string? cursor, int? limit, CancellationToken cancellation)
    {
        if (!Read(q).Succeeded(out var query, out var failure))
            return new Problem(failure);
        if (!TryReadCursor(cursor, out var after))
            return new Problem(new Failure(ErrorCodes.InvalidCursor));
        if (!(await find.HandleAsync(caller.UserId, query, chat, after, PageLimits.Clamp(limit), cancellation)).Succeeded(out var found, out failure))
            return new Problem(failure);
        return TypedResults.Ok(new Page<FoundMessage> { Items = found.Items, NextCursor = CursorOf(found.Next) });
    }

    private static async Task<Results<Ok<Page<FoundFile>>, Problem>> SearchFiles(
        Caller caller, FindMessages find, string? q, [FromQuery(Name = "chat_id")] ChatId? chat, string? cursor, int? limit, CancellationToken cancellation)
    {
        if (!Read(q).Succeeded(out var query, out var failure))
            return new Problem(failure);
        if (!TryReadCursor(cursor, out var after))
            return new Problem(new Failure(ErrorCodes.InvalidCursor));
        var wanted = FindAnything.ForFiles(query);
        if (!(await find.HandleAsync(caller.UserId, wanted, chat, after, PageLimits.Clamp(limit), cancellation)).Succeeded(out var found, out failure))
            return new Problem(failure);
        return TypedResults.Ok(new Page<FoundFile>
        {
            Items = [.. found.Items.SelectMany(message => FindAnything.FilesOf(message, wanted))],
            NextCursor = CursorOf(found.Next),
        });
    }

    private static Results<Accepted, Problem> Rebuild(SearchOptions options, IndexMessages indexing)
    {
        if (!options.KeepsIndex)
            return new Problem(new Failure(ErrorCodes.SearchOff));
        indexing.StartAgain();
        return TypedResults.Accepted((string?)null);
    }

    private static Result<SearchQuery> Read(string? q)
    {
        if (string.IsNullOrWhiteSpace(q))
            return Failure.OfField(ErrorCodes.ValidationFailed, "q", "must not be empty");
        if (TextRules.HasNul(q) || TextRules.HasLoneSurrogate(q))
            return new Failure(ErrorCodes.InvalidText);
        return CodePoints.Count(q) > MostCharacters
            ? Failure.OfField(ErrorCodes.ValidationFailed, "q", "must have at most 2000 characters")
            : QueryParser.Parse(q);
    }

    private static string? CursorOf(FindPlace? place) =>
        place is { } next ? string.Create(CultureInfo.InvariantCulture, $"{next.Time:x}-{next.Number:x}") : null;

    private static bool TryReadCursor(string? cursor, out FindPlace? place)
    {
        place = null;
        if (string.IsNullOrEmpty(cursor))
            return true;
        var parts = cursor.Split('-');
        if (parts.Length != 2 || !Number(parts[0], out var time) || !Number(parts[1], out var number))
            return false;
        place = new FindPlace(time, number);
        return true;
    }

    private static bool Number(string text, out long number) =>
        long.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number) && number >= 0;
}
