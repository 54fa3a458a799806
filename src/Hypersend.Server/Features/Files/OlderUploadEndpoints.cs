using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json.Serialization;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Http;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hypersend.Server.Features.Files;

/// <summary>The shape in which clients of before send files: other names, chunks as parts of a form; the same uploads.</summary>
internal static class OlderUploadEndpoints
{
    // Room for the fields and the headers of a form around the chunk; the chunk itself is measured as it comes.
    private const long BodyLimit = ChunkGrid.LargestChunk + (64 * 1024);

    public static void MapOlderUploads(this RouteGroupBuilder files)
    {
        // Not in the document: who begins today takes the calls beside these.
        var older = files.MapGroup("/upload").ExcludeFromDescription();
        older.MapPost("/init", Init);
        older.MapPost("/chunk", PostChunk).AllowUploadToken().WithMetadata(new BodySize(BodyLimit)).LimitedBy(RateLimitTable.Chunks);
        older.MapPost("/complete", Complete).AllowUploadToken();
    }

    private static async Task<Results<Created<OlderUpload>, Problem>> Init(Caller caller, OlderInitRequest request, InitUpload init, CancellationToken cancellation)
    {
        if (request.Filename is null)
            return Wrong("filename", "is required");
        if (request.FileSize < 0)
            return Wrong("file_size", "must be 0 or more bytes");
        var today = new InitUploadRequest
        {
            Filename = request.Filename,
            Size = request.FileSize,
            Mime = request.ContentType,
            ChatId = request.ChatId,
            ChunkSize = request.ChunkSize,
        };
        return (await init.HandleAsync(caller, today, cancellation)).Succeeded(out var upload, out var failure)
            ? TypedResults.Created((string?)null, new OlderUpload(upload))
            : new Problem(failure);
    }

    private static async Task<Results<Ok<ChunkReceived>, Problem>> PostChunk(
        Caller caller, HttpContext context, UploadAccess access, ReceiveChunk receive, EndFile end, TimeProvider clock)
    {
        if (UploadRules.ReadDigest(context.Request.Headers, out var expected) is { } malformed)
            return new Problem(malformed);
        using var pace = BodyPace.Watch(context, clock);
        if (FormParts.Of(context.Request, pace.Body.AsStream()) is not { } form)
            return new Problem(new Failure(ErrorCodes.UnsupportedMediaType));
        try
        {
            if (!(await form.FindAsync("chunk", pace.Token)).Succeeded(out var chunk, out var refusal))
                return new Problem(refusal);
            if (!TryRead(form, out var id, out var index, out var wrong))
                return new Problem(wrong);
            if (await access.RefuseAsync(caller, id, pace.Token) is { } stranger)
                return new Problem(stranger);
            var answer = await receive.HandleAsync(id, index, PipeReader.Create(chunk.Body), length: null, expected, pace.Token);
            if (answer.Succeeded(out var received, out var failure))
                return TypedResults.Ok(received);
            await end.IfRefusedForGoodAsync(id, failure);
            return new Problem(failure);
        }
        catch (OperationCanceledException) when (pace.IsTooSlow)
        {
            return new Problem(new Failure(ErrorCodes.RequestTimeout));
        }
        catch (Exception exception) when (FormParts.IsMalformed(exception))
        {
            return new Problem(FormParts.Malformed(exception));
        }
    }

    private static async Task<Results<Ok<CompletedUpload>, Problem>> Complete(
        Caller caller, OlderCompleteRequest request, UploadAccess access, CompleteUpload complete, CancellationToken cancellation) =>
        request switch
        {
            { UploadId: null } => Wrong("upload_id", "is required"),
            { Sha256Root: { } root } when !RootHash.TryRead(root, out _) => Wrong("sha256_root", "must be 64 hexadecimal digits"),
            _ => await UploadEndpoints.Complete(caller, request.UploadId.Value, new CompleteUploadRequest { Sha256Root = request.Sha256Root }, access, complete, cancellation),
        };

    private static Problem Wrong(string field, string message) => new(Failure.OfField(ErrorCodes.ValidationFailed, field, message));

    /// <summary>What the form says before the chunk begins; afterwards it would be too late.</summary>
    private static bool TryRead(FormParts form, out FileId id, out int index, [NotNullWhen(false)] out Failure? wrong)
    {
        index = 0;
        wrong = null;
        var uploadId = form.Fields.GetValueOrDefault("upload_id");
        id = uploadId is null ? default : FileId.Parse(uploadId, CultureInfo.InvariantCulture);
        if (uploadId is null)
            wrong = Failure.OfField(ErrorCodes.ValidationFailed, "upload_id", "must be the id of an upload, and come before the chunk");
        else if (!int.TryParse(form.Fields.GetValueOrDefault("chunk_number"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out index))
            wrong = Failure.OfField(ErrorCodes.ValidationFailed, "chunk_number", "must be the number of the chunk, from 0, and come before the chunk");
        return wrong is null;
    }
}

internal sealed record OlderInitRequest(string? Filename, long? FileSize, string? ContentType, ChatId? ChatId, int? ChunkSize);

internal sealed record OlderCompleteRequest(FileId? UploadId, string? Sha256Root);

/// <summary>An upload with the name that others have for its number of chunks.</summary>
internal sealed record OlderUpload : Upload
{
    [SetsRequiredMembers]
    public OlderUpload(Upload upload)
        : base(upload)
    {
    }

    public int? ChunkCount => TotalChunks;
}

/// <summary>The JSON of the older shape alone; it is no part of the contract that others compile against.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(Hypersend.Contracts.InstantConverter)])]
[JsonSerializable(typeof(OlderInitRequest))]
[JsonSerializable(typeof(OlderCompleteRequest))]
[JsonSerializable(typeof(OlderUpload))]
internal sealed partial class OlderUploadJson : JsonSerializerContext;
