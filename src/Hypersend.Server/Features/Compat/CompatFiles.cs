using System.IO.Pipelines;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Http;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hypersend.Server.Features.Compat;

/// <summary>Files in one request for clients of other servers: a form goes through as it comes, chunk by chunk.</summary>
internal static class CompatFiles
{
    private static readonly string[] ForMessages = [MessageTypes.Image, MessageTypes.Video, MessageTypes.Audio];

    public static void MapCompatFiles(this IEndpointRouteBuilder routes)
    {
        var doors = routes.MapGroup("/api").WithTags("Compat").RequireAuthorization().LimitedBy(RateLimitTable.Chunks);
        doors.MapPost("/upload-file", (Caller caller, HttpContext context, FormUpload upload) => Upload(caller, context, upload, onlyImages: false))
            .WithMetadata(new BodySize(null));
        doors.MapPost("/upload-image", (Caller caller, HttpContext context, FormUpload upload) => Upload(caller, context, upload, onlyImages: true))
            .WithMetadata(new BodySize(null));
        doors.MapMethods("/files/{name}", [HttpMethods.Get, HttpMethods.Head], Download).LimitedBy(RateLimitTable.Files).AllowMediaCookie()
            .Produces<Stream>(StatusCodes.Status200OK, "application/octet-stream");
    }

    // Other servers keep files under a name of their own making; here it is the id, with or without the ending of the file.
    private static Task<Results<FileDownload, Problem>> Download(
        Caller caller, string name, IFileStore store, SessionCache sessions, SendFile send, CancellationToken cancellation) =>
        DownloadEndpoints.Download(caller, IdText.Read<FileId>(name.AsSpan(0, name.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot ? dot : name.Length)), store, sessions, send, cancellation);

    private static async Task<Results<Ok<CompatFile>, Problem>> Upload(Caller caller, HttpContext context, FormUpload upload, bool onlyImages)
    {
        if (!(await upload.HandleAsync(caller, context, onlyImages)).Succeeded(out var file, out var failure))
            return new Problem(failure);
        var kind = MediaTypes.KindOf(file.Mime, voice: false);
        return TypedResults.Ok(new CompatFile(
            file.DownloadUrl, file.Filename, file.Size, file.Mime, ForMessages.Contains(kind) ? kind : MessageTypes.Document, file.FileId));
    }
}

internal sealed record CompatFile(string FileUrl, string FileName, long FileSize, string MimeType, string MessageType, FileId FileId);

/// <summary>Takes the file of a form whose length nobody says: an upload of an unknown size, whose chunks follow each other in one body.</summary>
internal sealed class FormUpload(InitUpload init, ReceiveChunk receive, CompleteUpload complete, EndFile end, TimeProvider clock)
{
    public async Task<Result<CompletedUpload>> HandleAsync(Caller caller, HttpContext context, bool onlyImages)
    {
        using var pace = BodyPace.Watch(context, clock);
        if (FormParts.Of(context.Request, pace.Body.AsStream()) is not { } form)
            return new Failure(ErrorCodes.UnsupportedMediaType);
        try
        {
            if (!(await form.FindAsync("file", pace.Token)).Succeeded(out var part, out var refusal))
                return refusal;
            var request = new InitUploadRequest { Filename = part.Filename is { Length: > 0 } name ? name : "file", Mime = part.ContentType };
            if (!(await init.HandleAsync(caller, request, pace.Token)).Succeeded(out var upload, out var failure))
                return failure;
            return await FillAsync(upload, part.Body, onlyImages, pace.Token);
        }
        catch (OperationCanceledException) when (pace.IsTooSlow)
        {
            return new Failure(ErrorCodes.RequestTimeout);
        }
        catch (Exception exception) when (FormParts.IsMalformed(exception))
        {
            return FormParts.Malformed(exception);
        }
    }

    private async Task<Result<CompletedUpload>> FillAsync(Upload upload, Stream bytes, bool onlyImages, CancellationToken cancellation)
    {
        var isKept = false;
        try
        {
            if (await SendAsync(upload, PipeReader.Create(bytes), cancellation) is { } refusal)
                return refusal;
            if (!(await complete.HandleAsync(upload.FileId, expectedRoot: null, cancellation)).Succeeded(out var done, out var failure))
                return failure;
            if (onlyImages && !done.Mime.StartsWith("image/", StringComparison.Ordinal))
                return new Failure(ErrorCodes.UnsupportedImage);
            isKept = true;
            return done;
        }
        finally
        {
            // Nobody can go on with it: the client does not know of an upload.
            if (!isKept)
                await end.HandleAsync(upload.FileId, FileStates.Failed, CancellationToken.None);
        }
    }

    private async Task<Failure?> SendAsync(Upload upload, PipeReader body, CancellationToken cancellation)
    {
        for (var index = 0; await HasMoreAsync(body, cancellation); index++)
        {
            var chunk = new StretchOfPipe(body, upload.ChunkSize);
            if ((await receive.HandleAsync(upload.FileId, index, chunk, length: null, expected: null, cancellation)).Failure is { } failure)
                return failure;
        }

        return null;
    }

    private static async Task<bool> HasMoreAsync(PipeReader body, CancellationToken cancellation)
    {
        var read = await body.ReadAsync(cancellation);
        body.AdvanceTo(read.Buffer.Start);
        return !read.Buffer.IsEmpty;
    }
}
