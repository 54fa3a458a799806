using Hypersend.Contracts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hypersend.Server.Features.Links;

/// <summary>Links to files, for their owners; and where they lead, for everybody who has one.</summary>
internal static class LinkEndpoints
{
    /// <summary>Where links lead.</summary>
    public const string Root = "/s";

    public static void MapLinks(this WebApplication app, IEndpointRouteBuilder api)
    {
        var files = api.MapGroup("/files").WithTags("Files").RequireAuthorization().LimitedBy(RateLimitTable.Files);
        files.MapPost("/{file_id}/link", Create).WithSummary("A link to a file of mine, for people without an account");
        files.MapGet("/{file_id}/links", List).WithSummary("The links to a file of mine");
        files.MapDelete("/links/{id}", Delete).WithSummary("Withdraw a link");
        app.MapVisits();
    }

    private static async Task<Results<Created<FileLink>, Problem>> Create(
        Caller caller, FileId file_id, [Microsoft.AspNetCore.Mvc.FromBody] CreateLinkRequest? request, ShareFile share, CancellationToken cancellation) =>
        (await share.HandleAsync(caller.UserId, file_id, request ?? new CreateLinkRequest(), cancellation)).Succeeded(out var link, out var failure)
            ? TypedResults.Created((string?)null, link)
            : new Problem(failure);

    private static async Task<Results<Ok<Page<FileLink>>, Problem>> List(Caller caller, FileId file_id, ILinkStore store, CancellationToken cancellation) =>
        (await store.ListAsync(caller.UserId, file_id, cancellation)).Succeeded(out var found, out var failure)
            ? TypedResults.Ok(new Page<FileLink> { Items = [.. found.Select(ShareFile.Present)] })
            : new Problem(failure);

    private static async Task<Results<NoContent, Problem>> Delete(Caller caller, LinkId id, ILinkStore store, CancellationToken cancellation) =>
        await store.DeleteAsync(caller.UserId, id, cancellation) ? TypedResults.NoContent() : new Problem(new Failure(ErrorCodes.NotFound));
}
