using Hypersend.Contracts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Admin;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Features.Files.Tus;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hypersend.Server.Features.Files;

/// <summary>/files: what is mine, what a chat shows, what is known of one.</summary>
internal static class FileEndpoints
{
    public static void MapFiles(this IEndpointRouteBuilder api)
    {
        var files = api.MapGroup("/files").WithTags("Files").RequireAuthorization().LimitedBy(RateLimitTable.Files);
        files.MapUploads();
        files.MapRetention(api);
        files.MapDownloads();
        api.MapTus();
        files.MapGet("/list", ListMine).WithSummary("My files, the newest first");
        files.MapGet("/usage", GetUsage).WithSummary("What my files count for");
        files.MapGet("/{file_id}/meta", GetMeta).WithSummary("What is known of a file");
        files.MapGet("/{file_id}/chunks", GetChunks).WithSummary("The digest of every chunk, to check what was fetched");
        var chats = api.MapGroup("/chats").WithTags("Chats").RequireAuthorization().LimitedBy(RateLimitTable.Chats);
        chats.MapGet("/{id}/files", ListOfChat).WithSummary("The files of a chat, the newest first");
        chats.MapZip();
    }

    private static async Task<Results<Ok<Page<SharedFile>>, Problem>> ListMine(
        Caller caller, IFileStore store, string? cursor, int? limit, CancellationToken cancellation)
    {
        if (!ChatCursor.TryRead(cursor, out long? before))
            return new Problem(new Failure(ErrorCodes.InvalidCursor));
        var count = PageLimits.Clamp(limit);
        var found = await store.ListAsync(caller.UserId, before ?? long.MaxValue, count + 1, cancellation);
        return TypedResults.Ok(new Page<SharedFile>
        {
            Items = [.. found.Take(count).Select(FileView.Card)],
            NextCursor = found.Count > count ? ChatCursor.Of(found[count - 1].No) : null,
        });
    }

    private static async Task<Ok<FileUsage>> GetUsage(Caller caller, IFileStore store, LiveSettings settings, CancellationToken cancellation)
    {
        var usage = await store.UsageAsync(caller.UserId, cancellation);
        return TypedResults.Ok(new FileUsage { UsedBytes = usage.Bytes, QuotaBytes = usage.QuotaBytes ?? settings.DefaultQuotaBytes, Files = usage.Files });
    }

    private static async Task<Results<Ok<SharedFile>, Problem>> GetMeta(Caller caller, FileId file_id, IFileStore store, CancellationToken cancellation) =>
        await store.FindAsync(caller.UserId, file_id, cancellation) is { } file ? TypedResults.Ok(FileView.Card(file)) : new Problem(new Failure(ErrorCodes.NotFound));

    private static async Task<Results<Ok<FileDigests>, Problem>> GetChunks(Caller caller, FileId file_id, IFileStore store, CancellationToken cancellation)
    {
        if (await store.FindAsync(caller.UserId, file_id, cancellation) is not { } file)
            return new Problem(new Failure(ErrorCodes.NotFound));
        if (file.EndedAt is not null)
            return new Problem(new Failure(ErrorCodes.FileGone));
        var chunks = await store.ChunksAsync(file, 0, ChunkGrid.MaxChunks, cancellation);
        var digests = new string?[chunks.Count == 0 ? 0 : chunks[^1].Chunk + 1];
        foreach (var chunk in chunks)
            digests[chunk.Chunk] = Convert.ToHexStringLower(chunk.Sha256);
        return TypedResults.Ok(new FileDigests { ChunkSize = file.ChunkSize, Sha256 = digests });
    }

    private static async Task<Results<Ok<Page<SharedFile>>, Problem>> ListOfChat(
        Caller caller, ChatId id, IFileStore store, string? cursor, int? limit, CancellationToken cancellation)
    {
        if (!ChatCursor.TryRead(cursor, out long? before))
            return new Problem(new Failure(ErrorCodes.InvalidCursor));
        var count = PageLimits.Clamp(limit);
        if (!(await store.OfChatAsync(caller.UserId, id, before ?? long.MaxValue, count + 1, cancellation)).Succeeded(out var found, out var failure))
            return new Problem(failure);

        // A message with several files is never cut in two: the page ends with a whole one.
        var keys = found.Select(file => file.MessageKey).Distinct().ToArray();
        var last = keys.Length > count ? keys[count - 1] : 0;
        return TypedResults.Ok(new Page<SharedFile>
        {
            Items = [.. found.Where(file => file.MessageKey >= last).Select(file => FileView.Card(file.File))],
            NextCursor = last > 0 ? ChatCursor.Of(last) : null,
        });
    }
}
