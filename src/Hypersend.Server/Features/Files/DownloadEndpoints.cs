using System.Globalization;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Hypersend.Server.Features.Files;

/// <summary>/files on the way out: bytes by any range, thumbnails, addresses for download managers, ZIPs of a chat's files.</summary>
internal static class DownloadEndpoints
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void MapDownloads(this RouteGroupBuilder files)
    {
        files.MapMethods("/{file_id}/download", Reading, Download).WithSummary("Its bytes, whole or in ranges; of a file that is still coming, as they come")
            .AllowMediaCookie().AllowSignedUrl(SignUrl.Parameter, ReadSignature).GivesBytes();
        files.MapMethods("/{file_id}", Reading, GetFile).WithSummary("Its bytes, or what is known of it when Accept names JSON")
            .AllowMediaCookie().AllowSignedUrl(SignUrl.Parameter, ReadSignature).GivesBytes();
        files.MapMethods("/{file_id}/thumbnail", Reading, GetThumbnail).WithSummary("The small picture of it").AllowMediaCookie()
            .Produces<Stream>(StatusCodes.Status200OK, "image/jpeg", "image/png", "image/webp");
        files.MapGet("/{file_id}/url", GetUrl).WithSummary("An address for a download manager: signed, for this file and this session");
    }

    public static void MapZip(this RouteGroupBuilder chats) => chats.MapMethods("/{id}/files.zip", Reading, GetZip)
        .WithSummary("Files of a chat as one ZIP, with ranges").WithTags("Files").AllowMediaCookie().LimitedBy(RateLimitTable.Files)
        .Produces<Stream>(StatusCodes.Status200OK, "application/zip").Produces<Stream>(StatusCodes.Status206PartialContent, "application/zip");

    internal static async Task<Results<FileDownload, Problem>> Download(
        Caller caller, FileId file_id, IFileStore store, SessionCache sessions, SendFile send, CancellationToken cancellation) =>
        await store.FindAsync(caller.UserId, file_id, cancellation) is { } file
            ? new FileDownload(context => send.HandleAsync(context, file, Fetcher.Of(caller, sessions, store)))
            : new Problem(new Failure(ErrorCodes.NotFound));

    private static async Task<Results<Ok<SharedFile>, FileDownload, Problem>> GetFile(
        Caller caller, FileId file_id, HttpContext context, IFileStore store, SessionCache sessions, SendFile send)
    {
        context.Response.Headers.Vary = HeaderNames.Accept;
        if (await store.FindAsync(caller.UserId, file_id, context.RequestAborted) is not { } file)
            return new Problem(new Failure(ErrorCodes.NotFound));
        if (AcceptHeader.WantsMetadata(context.Request.Headers.Accept, file.Mime))
            return caller.OnlyBytes ? new Problem(new Failure(ErrorCodes.NotAuthenticated)) : TypedResults.Ok(FileView.Card(file));
        return new FileDownload(context => send.HandleAsync(context, file, Fetcher.Of(caller, sessions, store)));
    }

    private static async Task<Results<Ok<SignedUrl>, Problem>> GetUrl(
        Caller caller, FileId file_id, int? expires_in, HttpContext context, IFileStore store, SignUrl sign)
    {
        if (expires_in is < 1 or > SignUrl.Longest)
            return new Problem(Failure.OfField(ErrorCodes.ValidationFailed, "expires_in", string.Create(CultureInfo.InvariantCulture, $"must be 1 to {SignUrl.Longest} seconds")));
        if (await store.FindAsync(caller.UserId, file_id, context.RequestAborted) is not { } file)
            return new Problem(new Failure(ErrorCodes.NotFound));
        return file.EndedAt is null ? TypedResults.Ok(sign.Handle(caller, file, expires_in, context.Request)) : new Problem(new Failure(ErrorCodes.FileGone));
    }

    private static async Task<Results<FileStreamHttpResult, Problem>> GetThumbnail(Caller caller, FileId file_id, HttpContext context, IFileStore store, IBlobStore blobs)
    {
        if (await store.FindAsync(caller.UserId, file_id, context.RequestAborted) is not { Thumbnail: { } name } file)
            return new Problem(new Failure(ErrorCodes.NotFound));
        if (file.EndedAt is not null)
            return new Problem(new Failure(ErrorCodes.FileGone));
        if (await blobs.OpenAsideAsync(file.Id, name, context.RequestAborted) is not { } picture)
            return new Problem(new Failure(ErrorCodes.NotFound));
        var hash = name[..name.IndexOf('-', StringComparison.Ordinal)];
        DownloadHeaders.Write(context, hash);
        return TypedResults.Stream(picture, "image/" + name[(hash.Length + 1)..], entityTag: new EntityTagHeaderValue(Conditions.Tag(hash)));
    }

    private static Results<FileDownload, Problem> GetZip(Caller caller, ChatId id, string? ids, IFileStore store, SessionCache sessions, SendZip send)
    {
        List<FileId>? wanted = null;
        foreach (var text in ids?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            if (!FileId.TryParse(text, CultureInfo.InvariantCulture, out var file))
                return new Problem(new Failure(ErrorCodes.NotFound));
            (wanted ??= []).Add(file);
        }

        return new FileDownload(context => send.HandleAsync(context, id, wanted?.Distinct().ToArray(), caller.UserId, Fetcher.Of(caller, sessions, store)));
    }

    private static SessionId? ReadSignature(HttpContext context, string signature) =>
        FileId.TryParse(context.GetRouteValue("file_id") as string, CultureInfo.InvariantCulture, out var file)
            && context.RequestServices.GetRequiredService<SignedUrls>().TryRead(signature, file, out var session, out _) ? session : null;

    private static void GivesBytes(this RouteHandlerBuilder route) => route
        .Produces<Stream>(StatusCodes.Status200OK, MediaTypes.Unknown).Produces<Stream>(StatusCodes.Status206PartialContent, MediaTypes.Unknown);
}
