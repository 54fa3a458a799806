using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Http;
using Hypersend.Server.Platform.OpenApi;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hypersend.Server.Features.Files;

/// <summary>/files on the way in: begin, send chunks in any order, ask, complete, cancel.</summary>
internal static class UploadEndpoints
{
    public static void MapUploads(this RouteGroupBuilder files)
    {
        files.MapPost("/init", Init).WithSummary("Begin an upload; with chat_id its message exists at once");
        files.MapPut("/{upload_id}/chunk", PutChunk).WithSummary("One chunk, as raw bytes").AllowUploadToken().TakesRawBytes("The bytes of the chunk, whatever the type says.")
            .TakesHeader("X-Chunk-SHA256", "Its SHA-256 in hexadecimal digits; other bytes are refused.")
            .TakesHeader("Content-Digest", "The same as RFC 9530 writes it: sha-256=:base64:")
            // Whatever comes beyond the chunk's own length is a wrong length, and no more of it is looked at.
            .WithMetadata(new BodySize(null)).LimitedBy(RateLimitTable.Chunks);
        files.MapGet("/{upload_id}/status", GetStatus).WithSummary("What is here").AllowUploadToken();
        files.MapPost("/{upload_id}/complete", Complete).WithSummary("All is sent: publish it").AllowUploadToken();
        files.MapPut("/{file_id}/thumbnail", PutThumbnail).WithSummary("A small picture of it: JPEG, PNG or WebP, at most 256 KB").AllowUploadToken()
            .TakesRawBytes("The picture; its bytes say what it is.")
            .WithMetadata(new BodySize(SetThumbnail.MaxBytes));
        files.MapOlderUploads();
        files.MapDelete("/{file_id}", Delete).WithSummary("Cancel an upload, or delete a file of mine").AllowUploadToken();
    }

    private static async Task<Results<Created<Upload>, Problem>> Init(Caller caller, InitUploadRequest request, InitUpload init, CancellationToken cancellation) =>
        (await init.HandleAsync(caller, request, cancellation)).Succeeded(out var upload, out var failure)
            ? TypedResults.Created((string?)null, upload)
            : new Problem(failure);

    private static async Task<Results<Ok<ChunkReceived>, Problem>> PutChunk(
        Caller caller, FileId upload_id, int? chunk_index, HttpContext context, UploadAccess access, ReceiveChunk receive, EndFile end, TimeProvider clock)
    {
        var cancellation = context.RequestAborted;
        if (chunk_index is not { } index || !UploadRules.IsPlainNumber(context.Request.Query["chunk_index"].ToString()))
            return new Problem(Failure.OfField(ErrorCodes.ValidationFailed, "chunk_index", "is required: the number of the chunk, from 0"));
        if (UploadRules.ReadDigest(context.Request.Headers, out var expected) is { } malformed)
            return new Problem(malformed);
        if (await access.RefuseAsync(caller, upload_id, cancellation) is { } refusal)
            return new Problem(refusal);
        using var pace = BodyPace.Watch(context, clock);
        try
        {
            var answer = await receive.HandleAsync(upload_id, index, pace.Body, context.Request.ContentLength, expected, pace.Token);
            if (answer.Succeeded(out var received, out var failure))
                return TypedResults.Ok(received);
            await end.IfRefusedForGoodAsync(upload_id, failure);
            return new Problem(failure);
        }
        catch (OperationCanceledException) when (pace.IsTooSlow)
        {
            return new Problem(new Failure(ErrorCodes.RequestTimeout));
        }
    }

    private static async Task<Results<Ok<UploadStatus>, Problem>> GetStatus(
        Caller caller, FileId upload_id, UploadAccess access, UploadTokens tokens, CancellationToken cancellation)
    {
        if (!(await access.FindAsync(caller, upload_id, cancellation)).Succeeded(out var stored, out var failure))
            return new Problem(failure);
        var file = stored.File;
        return TypedResults.Ok(new UploadStatus
        {
            State = file.State,
            Received = new ChunkSet(stored.Chunks).Ranges(),
            ReceivedBytes = file.ReceivedBytes,
            Size = file.Size,
            ChunkSize = file.ChunkSize,
            TotalChunks = new ChunkGrid(file.Size, file.ChunkSize).Total,
            ExpiresAt = file.ExpiresAt,
            UploadToken = caller.OnlyUpload is null && file.IsUploading ? tokens.Issue(file.Id, caller.SessionId, file.ExpiresAt) : null,
        });
    }

    public static async Task<Results<Ok<CompletedUpload>, Problem>> Complete(
        Caller caller, FileId upload_id, [Microsoft.AspNetCore.Mvc.FromBody] CompleteUploadRequest? request, UploadAccess access, CompleteUpload complete, CancellationToken cancellation)
    {
        if (await access.RefuseAsync(caller, upload_id, cancellation) is { } refusal)
            return new Problem(refusal);
        var root = RootHash.TryRead(request?.Sha256Root, out var expected) ? expected : null;
        return (await complete.HandleAsync(upload_id, root, cancellation)).Succeeded(out var completed, out var failure)
            ? TypedResults.Ok(completed)
            : new Problem(failure);
    }

    private static async Task<Results<NoContent, Problem>> PutThumbnail(
        Caller caller, FileId file_id, HttpContext context, UploadAccess access, SetThumbnail set)
    {
        if (!(await access.FindAsync(caller, file_id, context.RequestAborted)).Succeeded(out var stored, out var failure))
            return new Problem(failure);
        return (await set.HandleAsync(stored.File, context.Request.Body, context.RequestAborted)).Failure is { } refusal
            ? new Problem(refusal)
            : TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, Problem>> Delete(
        Caller caller, FileId file_id, UploadAccess access, IFileStore files, EndFile end, CancellationToken cancellation)
    {
        if (!(await access.FindAsync(caller, file_id, cancellation)).Succeeded(out var stored, out var failure))
        {
            // Who may read it knows that it is there; it is only not theirs to delete.
            var isShown = caller.OnlyUpload is null && await files.FindAsync(caller.UserId, file_id, cancellation) is { } shown && shown.OwnerId != caller.UserId;
            return new Problem(isShown ? new Failure(ErrorCodes.Forbidden) : failure);
        }

        var state = stored.File.IsReady ? FileStates.Removed : FileStates.Failed;
        return (await end.HandleAsync(file_id, state, cancellation)).Failure is { } refusal ? new Problem(refusal) : TypedResults.NoContent();
    }
}
