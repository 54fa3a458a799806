using System.Globalization;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Http;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;
using Hypersend.Server.Platform.Settings;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hypersend.Server.Features.Files.Tus;

/// <summary>/tus: the protocol tus 1.0 onto the same files.</summary>
internal static class TusEndpoints
{
    private const string Path = "/tus";

    public static void MapTus(this IEndpointRouteBuilder api)
    {
        var about = api.MapGroup(Path).WithTags("Tus").LimitedBy(RateLimitTable.Open).AllowAnonymous();
        about.MapMethods("", [HttpMethods.Options], Describe).WithSummary("What of tus is spoken here");
        about.MapMethods("/{upload_id}", [HttpMethods.Options], Describe).WithSummary("What of tus is spoken here");
        var tus = api.MapGroup(Path).WithTags("Tus").RequireAuthorization().LimitedBy(RateLimitTable.Chunks).AddEndpointFilter(SpeakVersion);
        tus.MapPost("", Create).WithSummary("Begin an upload, or put parts together").LimitedBy(RateLimitTable.Files).WithMetadata(new BodySize(null));
        tus.MapMethods("/{upload_id}", [HttpMethods.Head], Look).WithSummary("How far it is").AllowUploadToken();
        tus.MapPatch("/{upload_id}", Append).WithSummary("The next bytes").AllowUploadToken().WithMetadata(new BodySize(null));
        tus.MapDelete("/{upload_id}", End).WithSummary("Give it up, or delete the file").AllowUploadToken();
    }

    /// <summary>Some networks let only GET and POST through. Asked before the routes are.</summary>
    public static void UseTusMethods(this WebApplication app) => app.Use((context, next) =>
    {
        var request = context.Request;
        if (HttpMethods.IsPost(request.Method) && request.Path.StartsWithSegments("/api/v1" + Path)
            && request.Headers[TusHeaders.MethodOverride].ToString() is "PATCH" or "DELETE" or "HEAD")
        {
            request.Method = request.Headers[TusHeaders.MethodOverride].ToString();
        }

        return next(context);
    });

    private static NoContent Describe(HttpContext context, FileOptions options)
    {
        var headers = context.Response.Headers;
        headers[TusHeaders.Resumable] = TusHeaders.Version;
        headers[TusHeaders.Versions] = TusHeaders.Version;
        headers[TusHeaders.Extension] = TusHeaders.Extensions;
        headers[TusHeaders.MaxSize] = options.MaxFileSize.ToString(CultureInfo.InvariantCulture);
        headers[TusHeaders.ChecksumAlgorithms] = TusChecksum.Algorithms;
        return TypedResults.NoContent();
    }

    private static async Task<Results<Created, Problem>> Create(
        Caller caller, HttpContext context, InitUpload init, JoinParts join, TusTransfer transfer, EndFile end, UploadTokens tokens, ServerOptions server)
    {
        var call = new TusCall(context.Request, server.PublicUrl);
        if (TusRequirements.OfCreation.Refuse(call) is { } refusal)
            return new Problem(refusal);
        var metadata = call.Headers[TusHeaders.Metadata].ToString();
        var hasBytes = call.ContentType == TusHeaders.Bytes && call.BodyLength != 0;

        // Of bytes with a checksum all count or none: what is refused is to leave no message behind.
        var showsLater = hasBytes && call.Checksum is not null;
        var begun = call.Parts is not null
            ? await join.HandleAsync(caller, call, context.RequestAborted)
            : await init.BeginAsync(caller, call.Wish!, call.IsPart ? FileRoles.Part : FileRoles.Stream, metadata, !showsLater, context.RequestAborted);
        if (!begun.Succeeded(out var opened, out var failure))
            return new Problem(failure);
        var file = opened.Stored.File;
        context.Response.Headers[TusHeaders.UploadToken] = tokens.Issue(file.Id, caller.SessionId, file.ExpiresAt);
        if (call.Parts is null && (hasBytes || file.Size == 0))
        {
            call.Offset = 0;
            if (!(await transfer.HandleAsync(caller, file.Id, call, context)).Succeeded(out var grown, out var wrong))
            {
                // Without its address nobody can go on with what was just begun, and clients of tus begin anew. A broken line is no
                // refusal, and who names a client_id finds what came before it broke.
                if (!opened.Repeated && (showsLater || wrong.Code is not (ErrorCodes.RequestTimeout or ErrorCodes.OffsetMismatch)))
                    await end.HandleAsync(file.Id, FileStates.Failed, CancellationToken.None);
                else
                    await end.IfRefusedForGoodAsync(file.Id, wrong);
                return new Problem(wrong);
            }

            file = grown;
            if (showsLater && (await init.ShowAsync(caller, call.Wish!, opened)).Failure is { } notShown)
                return new Problem(notShown);
        }

        TusAnswer.Describe(context.Response, file);
        if (hasBytes)
            TusAnswer.SayOffset(context.Response, file);
        return TypedResults.Created(string.Create(CultureInfo.InvariantCulture, $"{context.Request.PathBase}/api/v1{Path}/{file.Id}"));
    }

    private static async Task<Results<Ok, Problem>> Look(
        Caller caller, FileId upload_id, HttpContext context, TusAccess access, FinishStream finish, CancellationToken cancellation)
    {
        if (TusRequirements.OfAny.Refuse(new TusCall(context.Request)) is { } refusal)
            return new Problem(refusal);
        if ((await access.FindAsync(caller, upload_id, cancellation)).Failure is { } unknown)
            return new Problem(unknown);

        // Whoever is still writing comes to an end first: only then it is sure how far it is.
        await using var turn = await access.TakeTurnAsync(upload_id, cancellation);
        if (!(await access.FindAsync(caller, upload_id, cancellation)).Succeeded(out var stored, out var failure))
            return new Problem(failure);
        if (!(await finish.HandleAsync(stored.File, CancellationToken.None)).Succeeded(out var isReady, out var wrong))
            return new Problem(wrong);
        TusAnswer.Describe(context.Response, isReady ? stored.File with { State = FileStates.Ready } : stored.File);
        TusAnswer.SayAll(context.Response, stored);
        return TypedResults.Ok();
    }

    private static async Task<Results<NoContent, Problem>> Append(Caller caller, FileId upload_id, HttpContext context, TusTransfer transfer, EndFile end)
    {
        var call = new TusCall(context.Request);
        if (TusRequirements.OfBytes.Refuse(call) is { } refusal)
            return new Problem(refusal);
        if (!(await transfer.HandleAsync(caller, upload_id, call, context)).Succeeded(out var file, out var failure))
        {
            await end.IfRefusedForGoodAsync(upload_id, failure);
            return new Problem(failure);
        }

        TusAnswer.Describe(context.Response, file);
        TusAnswer.SayOffset(context.Response, file);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, Problem>> End(Caller caller, FileId upload_id, HttpContext context, TusAccess access, EndFile end, CancellationToken cancellation)
    {
        if (TusRequirements.OfAny.Refuse(new TusCall(context.Request)) is { } refusal)
            return new Problem(refusal);
        if (!(await access.FindAsync(caller, upload_id, cancellation)).Succeeded(out var stored, out var failure))
            return new Problem(failure);

        // Its bytes are another file's now, and that one is there to be deleted.
        if (stored.File.State == FileRow.Used)
            return new Problem(new Failure(ErrorCodes.UploadClosed, "The part belongs to another file now."));
        var state = stored.File.IsReady ? FileStates.Removed : FileStates.Failed;
        return (await end.HandleAsync(upload_id, state, cancellation)).Failure is { } wrong ? new Problem(wrong) : TypedResults.NoContent();
    }

    private static ValueTask<object?> SpeakVersion(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var headers = context.HttpContext.Response.Headers;
        headers[TusHeaders.Resumable] = TusHeaders.Version;
        if (context.HttpContext.Request.Headers[TusHeaders.Resumable] != TusHeaders.Version)
            headers[TusHeaders.Versions] = TusHeaders.Version;
        return next(context);
    }
}
