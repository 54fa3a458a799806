using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Files;

/// <summary>Sends files of a chat as one ZIP whose length is known before the first byte; nothing is written down for it.</summary>
internal sealed class SendZip(
    IFileStore files, IChatStore chats, IBlobStore blobs, UploadTails tails, RunningDownloads running, DownloadGrants grants, SendBytes send, PresenceTable presence,
    TimeProvider clock)
{
    public const int MostFiles = 5000;

    private const string Type = "application/zip";

    /// <summary>A failure is the answer when nothing was sent yet.</summary>
    public async Task<Failure?> HandleAsync(HttpContext context, ChatId chat, IReadOnlyCollection<FileId>? ids, UserId viewer, Fetcher who)
    {
        if (ids is { Count: > MostFiles })
            return new Failure(ErrorCodes.TooManyFiles);
        while (true)
        {
            if (!(await files.ReadyOfChatAsync(viewer, chat, ids, MostFiles + 1, clock.GetUtcNow(), context.RequestAborted)).Succeeded(out var found, out var failure))
                return failure;
            if (found.Count > MostFiles)
                return new Failure(ErrorCodes.TooManyFiles);

            // A file whose checksum is still being computed cannot be announced.
            FileRow[] ready = [.. found.Where(file => file.Crc32 is not null || file.Size == 0)];
            if (ready.Length == 0)
                return new Failure(ErrorCodes.NotFound);
            var plan = new ZipPlan([.. ready.Select(file => new ZipEntry(file.Path is { Length: > 0 } path ? path : file.Filename, file.Size!.Value, (uint)(file.Crc32 ?? 0), file.CreatedAt, file.Id))]);

            // What is in it changes also when a file goes, and that has no date: the tag alone tells one ZIP from another.
            var answer = ByteAnswer.To(context.Request, new Representation { ETag = plan.ETag, Modified = null, ContentType = Type, Size = plan.Length });
            if (DownloadHeaders.Refuse(context, answer) is { } refusal)
                return refusal;
            if (!answer.HasBytes || HttpMethods.IsHead(context.Request.Method))
            {
                await WriteAsync(context, answer, chat, viewer);
                return null;
            }

            using var run = running.TryBegin(context, who);
            if (run is null)
                return DownloadHeaders.TooMany;

            // What somebody else has used up since it was looked at is left out before the length is told.
            if (!await TakeAsync(plan, answer, ready, run))
                continue;
            var bytes = new ZipBytes(plan, ready, files, blobs, tails, grants, who);
            run.Source = bytes;
            try
            {
                await bytes.ReachAsync(answer.Parts[0].From, answer.Parts[0].To, run.Token);
            }
            catch (Exception exception) when (exception is BytesEndedException or FileNotFoundException)
            {
                return new Failure(ErrorCodes.FileGone);
            }

            await WriteAsync(context, answer, chat, viewer);
            if (await send.HandleAsync(context, answer, bytes, run) && await run.IsTakenAsync())
                await bytes.AllTakenAsync();
            return null;
        }
    }

    /// <summary>Counts those whose downloads are counted and that the answer has bytes of; false when one of them is used up.</summary>
    private async Task<bool> TakeAsync(ZipPlan plan, ByteAnswer answer, FileRow[] ready, RunningDownload run)
    {
        var counted = ready.Where(file => file.RetentionMode == RetentionModes.Downloads).ToDictionary(file => file.Id);
        if (counted.Count == 0)
            return true;
        foreach (var id in answer.Parts.SelectMany(part => plan.Slices(part.From, part.To)).Select(slice => slice.File).OfType<FileId>().Distinct())
        {
            if (counted.TryGetValue(id, out var file) && await grants.RefuseAsync(file, run.Who.Grantee, run.Token) is not null)
                return false;
        }

        return true;
    }

    private async Task WriteAsync(HttpContext context, ByteAnswer answer, ChatId chat, UserId viewer)
    {
        answer.Write(context.Response);
        DownloadHeaders.Write(context, hash: null);
        if (!answer.HasBytes)
            return;
        var title = (await chats.FindAsync(chat, viewer, context.RequestAborted))?.Show(viewer, presence).Name;
        context.Response.Headers.ContentDisposition = ContentDisposition.Of((FileNames.Clean(title ?? "") ?? "files") + ".zip", inline: false);
    }
}
