using Hypersend.Contracts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hypersend.Server.Features.Files;

/// <summary>Who has a file, and what is going to happen to those that nobody needs.</summary>
internal static class RetentionEndpoints
{
    public static void MapRetention(this RouteGroupBuilder files, IEndpointRouteBuilder api)
    {
        files.MapPost("/{file_id}/received", Receive).WithSummary("I have it, and checked it");
        files.MapGet("/{file_id}/deliveries", ListDeliveries).WithSummary("Who has my file");
        api.MapGroup("/admin/files").WithTags("Admin").RequireAdmin().LimitedBy(RateLimitTable.Admin)
            .MapGet("/sweep", ListDecisions).WithSummary("What the sweeper would do now; nothing is done");
    }

    private static async Task<Results<NoContent, Problem>> Receive(
        Caller caller, FileId file_id, IFileStore store, DownloadGrants grants, CancellationToken cancellation)
    {
        if (await store.FindAsync(caller.UserId, file_id, cancellation) is null)
            return new Problem(new Failure(ErrorCodes.NotFound));
        return (await grants.ReceivedAsync(file_id, caller.UserId, cancellation)).Failure is { } refusal ? new Problem(refusal) : TypedResults.NoContent();
    }

    private static async Task<Results<Ok<Page<Delivery>>, Problem>> ListDeliveries(
        Caller caller, FileId file_id, IRetentionStore store, string? cursor, int? limit, CancellationToken cancellation)
    {
        if (!ChatCursor.TryRead(cursor, out UserId after))
            return new Problem(new Failure(ErrorCodes.InvalidCursor));
        var count = PageLimits.Clamp(limit);
        if (!(await store.DeliveriesAsync(caller.UserId, file_id, after, count + 1, cancellation)).Succeeded(out var found, out var failure))
            return new Problem(failure);
        return TypedResults.Ok(new Page<Delivery>
        {
            Items = [.. found.Take(count).Select(Present)],
            NextCursor = found.Count > count ? ChatCursor.Of(found[count - 1].Id) : null,
        });
    }

    private static async Task<Ok<Page<SweepDecision>>> ListDecisions(FileSweep sweep, int? limit, CancellationToken cancellation) =>
        TypedResults.Ok(new Page<SweepDecision> { Items = await sweep.DecideAsync(PageLimits.Clamp(limit), cancellation) });

    private static Delivery Present(DeliveryRow row) => new()
    {
        User = new Person { Id = row.Id, Username = row.Username, Name = row.Name, AvatarUrl = UserRules.AvatarUrl(row.Id, row.AvatarHash) },
        Delivered = row.DeliveredAt is not null,
        Verified = row.VerifiedAt is not null,
        At = row.VerifiedAt ?? row.DeliveredAt,
    };
}
