using System.Buffers;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Platform.Problems;
using FileOptions = Hypersend.Server.Features.Files.FileOptions;

namespace Hypersend.Server.Features.Imports;

/// <summary>Brings the bytes of a file in as an upload of its owner, under the id it had; one that was interrupted goes on where it stopped.</summary>
internal sealed class ImportFiles(IUploadStore uploads, IBlobStore blobs, InitUpload init, FileOptions options, TimeProvider clock)
{
    private const int Block = 256 * 1024;

    /// <summary>The file as it is here now; null when it could not be taken, and then <paramref name="leftOut"/> says why.</summary>
    public async Task<FileRow?> HandleAsync(UserId owner, SharedFile card, Stream bytes, List<string> leftOut, CancellationToken cancellation)
    {
        // Whoever runs the server gave the order: quotas and lists of types are for people.
        var limits = init.Limits() with { DefaultQuota = 0, AllowedTypes = [] };
        if (await uploads.FindAsync(card.Id, cancellation) is not { } stored)
        {
            if (UploadRules.RefuseRetention(card.Retention, clock.GetUtcNow()) is not null)
                return LeaveOut(leftOut, card, "its time is over, or what is said of it makes no sense.");
            if (Plan(owner, card) is not { } file)
                return LeaveOut(leftOut, card, "it is larger than any file here may be.");
            if ((await uploads.BeginAsync(file, limits, clock.GetUtcNow(), cancellation)).Failure is { } refusal)
                return LeaveOut(leftOut, card, ErrorTable.Of(refusal.Code).Title + ".");
            stored = (await uploads.FindAsync(card.Id, cancellation))!;
        }

        if (stored.File.OwnerId != owner || stored.File.EndedAt is not null)
            return LeaveOut(leftOut, card, "a file with its id was here before, and is deleted or somebody else's.");
        if (stored.File.IsReady)
            return stored.File;
        if (stored.File.State == FileRow.Creating)
        {
            await blobs.CreateAsync(card.Id, cancellation);
            await uploads.OpenAsync(card.Id, cancellation);
        }

        var grid = new ChunkGrid(stored.File.Size, stored.File.ChunkSize);
        var there = stored.Chunks.ToHashSet();
        for (var chunk = 0; chunk < grid.Total; chunk++)
        {
            if (!await TakeAsync(stored.File, grid, chunk, isHere: there.Contains(chunk), bytes, limits, cancellation))
                return LeaveOut(leftOut, card, "its bytes in the export are fewer than it has, or could not be written down.");
        }

        return (await uploads.CompleteAsync(card.Id, expectedRoot: null, clock.GetUtcNow(), cancellation)).Failure is { } failure
            ? LeaveOut(leftOut, card, ErrorTable.Of(failure.Code).Title + ".")
            : (await uploads.FindAsync(card.Id, cancellation))!.File;
    }

    private async Task<bool> TakeAsync(FileRow file, ChunkGrid grid, int chunk, bool isHere, Stream bytes, UploadLimits limits, CancellationToken cancellation)
    {
        var length = (int)grid.LengthOf(chunk);
        using var digests = new ChunkDigests(keepHead: chunk == 0);
        await using var write = isHere ? null : await blobs.WriteAsync(file.Id, new BlobPlace(chunk, grid.OffsetOf(chunk), length), cancellation);
        var block = ArrayPool<byte>.Shared.Rent(Block);
        try
        {
            for (var left = length; left > 0;)
            {
                var count = await bytes.ReadAsync(block.AsMemory(0, Math.Min(block.Length, left)), cancellation);
                if (count == 0)
                    return false;
                var piece = new ReadOnlySequence<byte>(block, 0, count);
                digests.Append(piece);
                if (write is not null)
                    await write.WriteAsync(piece, cancellation);
                left -= count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }

        if (write is null)
            return true;
        var name = await write.FinishAsync(cancellation);
        var row = new ChunkRow { Chunk = chunk, Length = length, Sha256 = digests.Sha256(), Crc32 = digests.Crc32, Name = name };
        var type = chunk == 0 ? Sniff(file, digests.Head) : null;
        return (await uploads.AddChunkAsync(file.Id, row, type, limits, clock.GetUtcNow(), cancellation)).Failure is null;
    }

    // What it is, say its bytes here as there.
    private static SniffedType? Sniff(FileRow file, ReadOnlySpan<byte> head)
    {
        var mime = MediaTypes.Sniff(head, file.Mime, file.Filename);
        return mime == file.Mime ? null : new SniffedType(mime, MediaTypes.KindOf(mime, file.Kind == MessageTypes.Voice));
    }

    private NewFile? Plan(UserId owner, SharedFile card)
    {
        if (card.Size is not { } size || size > options.MaxFileSize || ChunkGrid.Plan(size, null, options.ChunkSize) is not { } grid)
            return null;
        var mime = MediaTypes.Normalize(card.Mime);
        return new NewFile
        {
            Id = card.Id,
            Owner = owner,
            Filename = FileNames.Clean(card.Filename) ?? "file",
            Path = card.Path is null ? null : FileNames.CleanPath(card.Path),
            Kind = MediaTypes.KindOf(mime, voice: false),
            Mime = mime,
            Size = size,
            ChunkSize = grid.ChunkSize,
            Width = card.Width,
            Height = card.Height,
            DurationMs = card.Duration is { } seconds ? (long)Math.Round(seconds * 1000) : null,
            RetentionMode = card.Retention.Mode ?? RetentionModes.Keep,
            RetentionAt = card.Retention.At,
            RetentionCount = card.Retention.Count,
        };
    }

    private static FileRow? LeaveOut(List<string> leftOut, SharedFile card, string why)
    {
        leftOut.Add($"the file {card.Id}: {why}");
        return null;
    }
}
