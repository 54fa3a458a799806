using System.Buffers;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Features.Files;

/// <summary>The bytes of a ZIP: its own headers, and the files one after the other, each asked for anew when its turn comes.</summary>
internal sealed class ZipBytes(ZipPlan plan, IReadOnlyList<FileRow> files, IFileStore store, IBlobStore blobs, UploadTails tails, DownloadGrants grants, Fetcher who)
    : IByteSource
{
    // What the web server may hold beside the system's own queue.
    private const int Between = 1 << 20;

    private readonly Dictionary<FileId, FileRow> _files = files.ToDictionary(file => file.Id);
    private readonly Queue<HandedFile> _handed = new();

    public FileRow Current { get; private set; } = files[0];

    public async Task CopyAsync(long from, long to, RunningDownload run)
    {
        foreach (var slice in plan.Slices(from, to))
        {
            if (slice.File is not { } id)
            {
                run.Writer.Write(slice.Bytes.Span);
                await run.FlushAsync();
            }
            else
            {
                await CopyAsync(id, slice.Offset, slice.Offset + slice.Length - 1, run);
            }
        }
    }

    /// <summary>Reaches for the bytes of the first file of it, so that a storage that is away is told by a status and not by a broken line.</summary>
    public async ValueTask ReachAsync(long from, long to, CancellationToken cancellation)
    {
        if (plan.Slices(from, to).FirstOrDefault(slice => slice.File is not null) is not { File: { } id } slice)
            return;
        await using var bytes = await OpenAsync(_files[id], cancellation);
        await bytes.ReachAsync(slice.Offset, cancellation);
    }

    private async Task CopyAsync(FileId id, long from, long to, RunningDownload run)
    {
        Current = _files[id];
        if (await who.LookAsync(id, run.Token) is not { IsReady: true } file)
            throw new BytesEndedException("A file went while the ZIP was sent.");
        if (file.RetentionMode != RetentionModes.Keep && await grants.RefuseAsync(file, who.Grantee, run.Token) is not null)
            throw new BytesEndedException("A file may not be fetched any more.");
        await using var bytes = await OpenAsync(file, run.Token);
        await bytes.CopyAsync(from, to, run);
        if (!Taker.Read(who.Grantee).CountsFor(file))
            return;
        _handed.Enqueue(new HandedFile(file, from, to, run.Copied));

        // They have those after which more has left than can still be on its way.
        var taken = run.Copied - (run.QueuedBytes() is { } queued ? (long)queued + Between : 0);
        while (_handed.TryPeek(out var first) && first.At <= taken)
            await CountAsync(_handed.Dequeue());
    }

    /// <summary>The client has taken everything that was handed over.</summary>
    public async Task AllTakenAsync()
    {
        while (_handed.TryDequeue(out var next))
            await CountAsync(next);
    }

    private Task CountAsync(HandedFile handed) => grants.ServedAsync(handed.File, Taker.Read(who.Grantee), handed.From, handed.To, CancellationToken.None);

    private async Task<FileBytes> OpenAsync(FileRow file, CancellationToken cancellation)
    {
        try
        {
            return await FileBytes.OpenAsync(file, new ChunkPlaces(store, file), blobs, tails, cancellation);
        }
        catch (FileNotFoundException)
        {
            throw new BytesEndedException("The bytes of a file are gone.");
        }
    }

    /// <summary>Bytes of a file, and how many had been copied for the whole answer when they were.</summary>
    private sealed record HandedFile(FileRow File, long From, long To, long At);
}
