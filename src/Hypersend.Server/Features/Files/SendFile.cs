using System.Security.Cryptography;
using Hypersend.Contracts.Errors;
using Hypersend.Server.Features.Files.Packing;
using Hypersend.Server.Platform.Problems;
using Microsoft.Net.Http.Headers;

namespace Hypersend.Server.Features.Files;

/// <summary>Answers a request for the bytes of a file that the fetcher may see: conditions, ranges, then the bytes themselves.</summary>
internal sealed class SendFile(
    IFileStore files, IBlobStore blobs, IPackStore packs, UploadTails tails, RunningDownloads running, DownloadGrants grants, SendBytes send, FileOptions options)
{
    /// <summary>A failure is the answer when nothing was sent yet.</summary>
    public async Task<Failure?> HandleAsync(HttpContext context, FileRow file, Fetcher who)
    {
        if (file.EndedAt is not null)
            return new Failure(ErrorCodes.FileGone);
        var what = await ChooseAsync(context, file);
        var answer = ByteAnswer.To(context.Request, what);
        if (DownloadHeaders.Refuse(context, answer) is { } refusal)
            return refusal;
        var places = new ChunkPlaces(files, file);
        if (!answer.HasBytes || HttpMethods.IsHead(context.Request.Method))
        {
            await WriteAsync(context, answer, file, places);
            return null;
        }

        using var run = running.TryBegin(context, who);
        if (run is null)
            return DownloadHeaders.TooMany;
        if (await grants.RefuseAsync(file, who.Grantee, run.Token) is { } ungranted)
            return ungranted;
        if (await HandOverAsync(context, answer, file))
        {
            // Ranges are for who has the bytes.
            await WriteAsync(context, answer.Whole(), file, places);
            context.Response.ContentLength = null;
            return null;
        }

        return what.Packed is null ? await SendAsync(context, answer, file, places, run) : await SendPackedAsync(context, answer, file, places, run);
    }

    /// <summary>The file as it is, or its packed form where there is one and the client can unpack it.</summary>
    private async ValueTask<Representation> ChooseAsync(HttpContext context, FileRow file)
    {
        var plain = Of(file);
        if (file.Packing is null or PackingStates.None)
            return plain;

        // Also before it is there: what caches have kept until then must not be taken for the answer to everybody.
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        if (file.Packing != PackingStates.Gzip || file.Sha256Root is null || await HandOverPathAsync(file, context.RequestAborted) is not null)
            return plain;
        var tag = Conditions.Tag(RootHash.Text(file.Sha256Root) + "-" + PackingStates.Gzip);
        return Unpacking.IsWanted(context.Request.Headers, plain.ETag, tag) && await packs.FindAsync(file, context.RequestAborted) is { } packed
            ? plain with { ETag = tag, EarlierTag = null, Size = packed.Size, Packed = packed }
            : plain;
    }

    private async Task<Failure?> SendPackedAsync(HttpContext context, ByteAnswer answer, FileRow file, ChunkPlaces places, RunningDownload run)
    {
        await using var bytes = await ReachPackedAsync(file, answer.What.Packed!, run.Token);
        if (bytes is null)
        {
            // Nobody needs it for ever: a backup may have come back without it.
            await packs.ForgetAsync(file.BytesId, CancellationToken.None);
            return await SendAsync(context, ByteAnswer.To(context.Request, Of(file)), file, places, run);
        }

        run.Source = bytes;
        await WriteAsync(context, answer, file, places);
        var taker = Taker.Read(run.Who.Grantee);
        var isSent = await send.HandleAsync(context, answer, bytes, run);
        if (taker.CountsFor(file) && await IsTakenAsync(answer, run, isSent))
            await grants.ServedAsync(file, taker, 0, file.Size!.Value - 1, CancellationToken.None);
        return null;
    }

    /// <summary>Null when it is not there: some engines learn it when they open, some with the first byte.</summary>
    private async Task<PackedBytes?> ReachPackedAsync(FileRow file, PackedForm form, CancellationToken cancellation)
    {
        PackedBytes? bytes = null;
        try
        {
            bytes = new PackedBytes(file, form, await blobs.OpenAsync(form.Id, cancellation));
            await bytes.ReachAsync(cancellation);
            return bytes;
        }
        catch (Exception exception)
        {
            if (bytes is not null)
                await bytes.DisposeAsync();
            if (exception is FileNotFoundException)
                return null;
            throw;
        }
    }

    private async Task<Failure?> SendAsync(HttpContext context, ByteAnswer answer, FileRow file, ChunkPlaces places, RunningDownload run)
    {
        await using var bytes = await OpenAsync(file, places, run.Token);
        if (bytes is null)
            return new Failure(ErrorCodes.FileGone);
        run.Source = bytes;
        try
        {
            // Before the headers: they promise the bytes.
            if (answer.Parts.Count > 0 && await run.WaitAsync(token => bytes.WaitForAsync(answer.Parts[0].From, token)) is var first and not TailAnswer.Here
                && !(first == TailAnswer.PastEnd && answer.Status == StatusCodes.Status200OK))
            {
                return Refusal(context, first, bytes.Current);
            }

            if (file.Size is null && answer.Status == StatusCodes.Status206PartialContent)
                answer = answer.With(await ThereAsync(answer.Parts, bytes, run.Token));
            if (answer.Parts.Count > 0)
                await bytes.ReachAsync(answer.Parts[0].From, run.Token);
        }
        catch (OperationCanceledException) when (run.Token.IsCancellationRequested)
        {
            return null;
        }
        catch (OperationCanceledException) when (run.IsOver)
        {
            return new Failure(ErrorCodes.NotFound);
        }
        catch (FileNotFoundException)
        {
            return new Failure(ErrorCodes.FileGone);
        }

        await WriteAsync(context, answer, file, places);
        var isSent = await send.HandleAsync(context, answer, bytes, run);
        await NoteAsync(answer, bytes.Current, run, isSent);
        return null;
    }

    private async Task NoteAsync(ByteAnswer answer, FileRow file, RunningDownload run, bool isSent)
    {
        var taker = Taker.Read(run.Who.Grantee);
        if (!taker.CountsFor(file))
            return;
        if (await IsTakenAsync(answer, run, isSent))
        {
            // Of an empty file, nothing is all there is.
            var parts = answer.Parts.Count == 0 ? [new ByteRange(0, -1)] : answer.Parts;
            foreach (var part in parts)
                await grants.ServedAsync(file, taker, part.From, part.To == ByteRanges.Open ? file.ReceivedBytes - 1 : part.To, CancellationToken.None);
            return;
        }

        // How much of it arrived is told by where they go on.
        var left = run.Copied;
        foreach (var part in answer.Parts)
        {
            var length = part.To == ByteRanges.Open ? left : Math.Min(left, part.To - part.From + 1);
            if (length > 0)
                await grants.HandedAsync(file, taker, part.From, part.From + length - 1, CancellationToken.None);
            left -= length;
        }
    }

    /// <summary>Who hangs up on the last byte is gone before all is said about it: then only what they took tells.</summary>
    private static async Task<bool> IsTakenAsync(ByteAnswer answer, RunningDownload run, bool isSent) =>
        (isSent || (answer.Parts.All(part => part.To != ByteRanges.Open) && run.Copied == answer.Parts.Sum(part => part.To - part.From + 1)))
            && await run.IsTakenAsync();

    private async Task<FileBytes?> OpenAsync(FileRow file, ChunkPlaces places, CancellationToken cancellation)
    {
        try
        {
            return await FileBytes.OpenAsync(file, places, blobs, tails, cancellation);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The end of a file without a known size is not known either: what is there without a gap can be promised.</summary>
    private static async Task<IReadOnlyList<ByteRange>> ThereAsync(IReadOnlyList<ByteRange> parts, FileBytes bytes, CancellationToken cancellation)
    {
        var there = new List<ByteRange>();
        foreach (var part in parts)
        {
            if (there.Count > 0 && await bytes.WaitForAsync(part.From, cancellation) != TailAnswer.Here)
                break;
            var end = await bytes.EndOfRunAsync(part.From, cancellation);
            if (end >= part.From)
                there.Add(part with { To = Math.Min(part.To, end) });
        }

        return there;
    }

    private static Failure Refusal(HttpContext context, TailAnswer answer, FileRow file)
    {
        switch (answer)
        {
            case TailAnswer.PastEnd:
                context.Response.Headers.ContentRange = ByteRanges.Unsatisfied(file.Size);
                return new Failure(ErrorCodes.RangeNotSatisfiable);
            case TailAnswer.Gone:
                return new Failure(ErrorCodes.FileGone);
            default:
                return new Failure(ErrorCodes.NotYetHere) { RetryAfter = TimeSpan.FromSeconds(5) };
        }
    }

    private static Representation Of(FileRow file)
    {
        var byId = Conditions.Tag(file.Id.ToString());
        return new Representation
        {
            // While it comes, and where its digests are still being computed, its id stands for it: a byte never changes its place or value.
            ETag = file is { IsReady: true, Sha256Root: { } root } ? Conditions.Tag(RootHash.Text(root)) : byId,
            EarlierTag = byId,
            Modified = file.CreatedAt,
            ContentType = MediaTypes.Header(file.Mime),
            Size = file.Size,
        };
    }

    private static async Task WriteAsync(HttpContext context, ByteAnswer answer, FileRow file, ChunkPlaces places)
    {
        answer.Write(context.Response);
        DownloadHeaders.Write(context, file is { IsReady: true, Sha256Root: { } root } ? RootHash.Text(root) : null);
        if (!answer.HasBytes)
            return;
        var headers = context.Response.Headers;
        headers.ContentDisposition = ContentDisposition.Of(file.Filename, context.Request.Query["inline"] == "1" && MediaTypes.IsSafeInline(file.Mime));

        if (answer.What.Packed is not null)
        {
            headers.ContentEncoding = PackingStates.Gzip;
            return;
        }

        // Of a file of one chunk the digest is known; of a larger one nobody has computed it.
        if (file.IsReady && await DigestAsync(file, places, context.RequestAborted) is { } digest)
            headers["Repr-Digest"] = $"sha-256=:{Convert.ToBase64String(digest)}:";
    }

    private static async ValueTask<byte[]?> DigestAsync(FileRow file, ChunkPlaces places, CancellationToken cancellation) => new ChunkGrid(file.Size, file.ChunkSize).Total switch
    {
        0 => SHA256.HashData([]),
        1 => (await places.RowAsync(0, 0, cancellation))?.Sha256 is { Length: SHA256.HashSizeInBytes } digest ? digest : null,
        _ => null,
    };

    /// <summary>Lets the web server in front send the bytes, where there is one that can reach them.</summary>
    private async ValueTask<bool> HandOverAsync(HttpContext context, ByteAnswer answer, FileRow file)
    {
        // By a tag of ours, which the server in front does not know: it would begin the file anew.
        var goesOn = answer.Status == StatusCodes.Status206PartialContent && context.Request.Headers.ContainsKey(HeaderNames.IfRange);
        if (answer.What.Size == 0 || goesOn || await HandOverPathAsync(file, context.RequestAborted) is not { } path)
            return false;
        context.Response.Headers["X-Accel-Redirect"] = options.AccelRedirect + string.Join('/', path.Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString));
        return true;
    }

    private async ValueTask<string?> HandOverPathAsync(FileRow file, CancellationToken cancellation) =>
        options.AccelRedirect is null || !file.IsReady || file.IsJoined || (blobs is ISealingBlobs sealing && await sealing.IsSealedAsync(file.BytesId, cancellation))
            ? null
            : blobs.PathOf(file.BytesId);
}
