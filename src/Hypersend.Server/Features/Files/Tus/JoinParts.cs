using System.Security.Cryptography;
using System.Text;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Files.Tus;

/// <summary>
/// Makes one file of several finished uploads. Nothing is copied, so that it is there at once however large it is; its
/// digests are computed afterwards.
/// </summary>
internal sealed class JoinParts(
    ITusStore store, IFileStore files, IBlobStore blobs, InitUpload init, OpenUploads uploads, EndFile end, TellOfFile tell, DigestJoined digest,
    DropLeftovers leftovers, TimeProvider clock)
{
    private const int HeadLength = 4096;

    public async Task<Result<OpenedUpload>> HandleAsync(Caller caller, TusCall call, CancellationToken cancellation)
    {
        var ids = call.Parts!;
        if (!(await FindPartsAsync(caller, ids, cancellation)).Succeeded(out var parts, out var missing))
            return missing;

        // Asked again with the same parts, because the answer was lost, the first file is the answer, and its message too.
        var names = SHA256.HashData(Encoding.ASCII.GetBytes(string.Join(' ', ids)));
        var wish = call.Wish! with { Size = parts.Sum(part => part.ReceivedBytes), ClientId = "tus-" + Convert.ToHexStringLower(names) };
        var metadata = call.Headers[TusHeaders.Metadata].ToString();
        if (!(await init.BeginAsync(caller, wish, FileRoles.Joined, metadata, shows: true, cancellation)).Succeeded(out var opened, out var failure))
            return failure;
        var file = opened.Stored.File;
        if (file.IsReady)
            return opened;
        SniffedType? type;
        try
        {
            type = await SniffAsync(file, parts, cancellation);
        }
        catch (Exception exception) when (exception is FileNotFoundException or EngineUnavailableException)
        {
            // A part may have ended since it was found. Where all of them are still there, the storage is at fault.
            if ((await FindPartsAsync(caller, ids, CancellationToken.None)).Failure is not { } gone)
                throw;
            await end.HandleAsync(file.Id, FileStates.Failed, CancellationToken.None);
            return gone;
        }

        if (type is not null && !MediaTypes.IsAllowed(type.Mime, init.Limits().AllowedTypes))
        {
            await end.HandleAsync(file.Id, FileStates.Failed, CancellationToken.None);
            return new Failure(ErrorCodes.MediaTypeRefused);
        }

        foreach (var part in ids)
            await uploads.CloseAsync(part);
        if (!(await store.JoinAsync(file.Id, ids, type, clock.GetUtcNow(), CancellationToken.None)).Succeeded(out var finished, out var refusal))
        {
            await end.HandleAsync(file.Id, FileStates.Failed, CancellationToken.None);
            return refusal;
        }

        await tell.HandleAsync(finished);
        digest.Ask();
        foreach (var part in ids)
            leftovers.Ask(part);
        return opened with { Stored = opened.Stored with { File = finished.File } };
    }

    private async Task<Result<IReadOnlyList<FileRow>>> FindPartsAsync(Caller caller, IReadOnlyList<FileId> ids, CancellationToken cancellation)
    {
        var found = new List<FileRow>();
        foreach (var id in ids)
        {
            if (await store.FindAsync(id, cancellation) is not { File: { Role: FileRoles.Part } file } || file.OwnerId != caller.UserId || file.EndedAt is not null)
                return new Failure(ErrorCodes.NotFound, "One of the parts is not there.");
            if (file.Size != file.ReceivedBytes)
                return new Failure(ErrorCodes.PartsUnfinished);
            found.Add(file);
        }

        return found;
    }

    /// <summary>The first bytes have the last word, as with any other file.</summary>
    private async Task<SniffedType?> SniffAsync(FileRow file, IReadOnlyList<FileRow> parts, CancellationToken cancellation)
    {
        var head = new byte[HeadLength];
        var length = 0;
        foreach (var part in parts)
        {
            if (length == HeadLength)
                break;
            foreach (var piece in await files.LayoutAsync(part, 0, HeadLength - length - 1, cancellation))
            {
                await using var reader = await blobs.OpenAsync(piece.Blob, cancellation);
                for (var at = 0; at < piece.Place.Length && length < HeadLength;)
                {
                    var count = await reader.ReadAsync(piece.Place, at, head.AsMemory(length), cancellation);
                    (at, length) = (at + count, length + count);
                }
            }
        }

        var mime = MediaTypes.Sniff(head.AsSpan(0, length), file.Mime, file.Filename);
        return mime == file.Mime ? null : new SniffedType(mime, MediaTypes.KindOf(mime, file.Kind == MessageTypes.Voice));
    }
}
