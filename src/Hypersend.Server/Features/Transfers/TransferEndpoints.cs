using Hypersend.Contracts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Transfers;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Hypersend.Server.Features.Transfers;

/// <summary>/p2p: files from one person to another, without a copy here.</summary>
internal static class TransferEndpoints
{
    public static void MapTransfers(this IEndpointRouteBuilder api, IServiceProvider services)
    {
        var transfers = api.MapGroup("/p2p").WithTags("Transfers").RequireAuthorization().LimitedBy(RateLimitTable.Files);
        transfers.MapPost("/initiate", Offer).WithSummary("Offer somebody a file");
        transfers.MapPost("/{id}/accept", Accept).WithSummary("Accept a transfer");
        transfers.MapPost("/{id}/reject", Reject).WithSummary("Reject a transfer");
        transfers.MapPost("/{id}/cancel", Cancel).WithSummary("Cancel a transfer of mine, either side");
        transfers.MapPost("/{id}/store", Store).WithSummary("Make an open transfer of mine a stored upload on the same grid");
        transfers.MapPost("/{id}/done", Finish).WithSummary("I have it all, and checked it");
        transfers.MapPost("/{id}/progress", Report).WithSummary("How much of it I have, for both to see");
        transfers.MapGet("/{id}", Find).WithSummary("A transfer of mine");
        transfers.MapGet("/history", List).WithSummary("My transfers, the newest first");
        transfers.MapGet("/ice", Ice).WithSummary("STUN and TURN servers, with credentials that end by themselves");

        var door = services.GetRequiredService<RelayDoor>();
        var sockets = api.MapGroup("/p2p").AllowAnonymous().LimitedBy(RateLimitTable.Sockets).ExcludeFromDescription();
        sockets.MapGet("/sender/{id}", door.EnterAsSenderAsync);
        sockets.MapGet("/receiver/{id}", door.EnterAsReceiverAsync);
        sockets.MapGet("/nodes/sender/{id}", door.PassInAsSenderAsync);
        sockets.MapGet("/nodes/receiver/{id}", door.PassInAsReceiverAsync);
    }

    private static async Task<Results<Created<OfferedTransfer>, Problem>> Offer(
        Caller caller, OfferTransferRequest request, OfferTransfer offer, TransferNews news, CancellationToken cancellation)
    {
        if (!(await offer.HandleAsync(caller.UserId, request, cancellation)).Succeeded(out var row, out var failure))
            return new Problem(failure);
        var transfer = news.Present(row);
        return TypedResults.Created($"/api/v1/p2p/{row.Id}", new OfferedTransfer
        {
            TransferId = row.Id,
            SenderWsUrl = transfer.SenderWsUrl,
            ReceiverWsUrl = transfer.ReceiverWsUrl,
            ExpiresAt = row.ExpiresAt,
            Transfer = transfer,
        });
    }

    private static Task<Results<Ok<Transfer>, Problem>> Accept(
        Caller caller, TransferId id, AnswerTransfer answer, TransferNews news, CancellationToken cancellation) =>
        Show(answer.AcceptAsync(caller.UserId, id, cancellation), news);

    private static Task<Results<Ok<Transfer>, Problem>> Reject(
        Caller caller, TransferId id, AnswerTransfer answer, TransferNews news, CancellationToken cancellation) =>
        Show(answer.RejectAsync(caller.UserId, id, cancellation), news);

    private static Task<Results<Ok<Transfer>, Problem>> Cancel(
        Caller caller, TransferId id, AnswerTransfer answer, TransferNews news, CancellationToken cancellation) =>
        Show(answer.CancelAsync(caller.UserId, id, cancellation), news);

    private static async Task<Results<Ok<Upload>, Problem>> Store(
        Caller caller, TransferId id, [FromBody] StoreTransferRequest? request, StoreTransfer store, CancellationToken cancellation) =>
        (await store.HandleAsync(caller, id, request, cancellation)).Succeeded(out var upload, out var failure) ? TypedResults.Ok(upload) : new Problem(failure);

    private static Task<Results<Ok<Transfer>, Problem>> Finish(
        Caller caller, TransferId id, [FromBody] FinishTransferRequest? request, AnswerTransfer answer, TransferNews news, CancellationToken cancellation) =>
        Show(answer.FinishAsync(caller.UserId, id, request?.Sha256Root, cancellation), news);

    private static async Task<Results<NoContent, Problem>> Report(
        Caller caller, TransferId id, ReportTransferRequest request, ReportTransfer report, CancellationToken cancellation) =>
        (await report.HandleAsync(caller.UserId, id, request, cancellation)).Failure is { } refusal ? new Problem(refusal) : TypedResults.NoContent();

    private static async Task<Results<Ok<Transfer>, Problem>> Find(
        Caller caller, TransferId id, ITransferStore store, TransferNews news, CancellationToken cancellation) =>
        await store.FindAsync(id, caller.UserId, cancellation) is { } row ? TypedResults.Ok(news.Present(row)) : new Problem(new Failure(ErrorCodes.NotFound));

    private static async Task<Results<Ok<Page<Transfer>>, Problem>> List(
        Caller caller, ITransferStore store, TransferNews news, string? cursor, int? limit, CancellationToken cancellation)
    {
        TransferId? before = string.IsNullOrEmpty(cursor) ? null : IdText.Read<TransferId>(cursor);
        if (before == default(TransferId))
            return new Problem(new Failure(ErrorCodes.InvalidCursor));
        var count = PageLimits.Clamp(limit);
        var found = await store.ListAsync(caller.UserId, before, count + 1, cancellation);
        return TypedResults.Ok(new Page<Transfer>
        {
            Items = [.. found.Take(count).Select(news.Present)],
            NextCursor = found.Count > count ? found[count - 1].Id.ToString() : null,
        });
    }

    private static Ok<IceServers> Ice(Caller caller, IceCredentials ice) => TypedResults.Ok(ice.For(caller.UserId));

    private static async Task<Results<Ok<Transfer>, Problem>> Show(Task<Result<TransferRow>> moving, TransferNews news) =>
        (await moving).Succeeded(out var row, out var failure) ? TypedResults.Ok(news.Present(row)) : new Problem(failure);
}
