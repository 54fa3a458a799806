using System.Buffers;
using System.Threading.Channels;
using Hypersend.Server.Features.Files.Packing;
using Hypersend.Server.Platform;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Turns;

namespace Hypersend.Server.Features.Files.Tus;

/// <summary>
/// Looks through the files that were made of parts, one after the other, for the digests of their own chunks. What is done
/// is written down, so that a start goes on where the last one ended.
/// </summary>
internal sealed partial class DigestJoined(
    ITusStore store, IFileStore files, IBlobStore blobs, TellOfFile tell, PackFiles pack, TakeTurns turns, TimeProvider clock, ILogger<DigestJoined> log) : BackgroundLoop(log)
{
    private const int BufferLength = 256 * 1024;
    private const int RowsAtOnce = 32;

    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMinutes(1);

    // For what a server left behind that is not there any more.
    private static readonly TimeSpan Round = TimeSpan.FromMinutes(10);

    private readonly ILogger _log = log;
    private readonly Channel<bool> _asked = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>There is a new one.</summary>
    public void Ask() => _asked.Writer.TryWrite(true);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        await using var timer = clock.CreateTimer(_ => Ask(), null, TimeSpan.Zero, Round);
        while (await _asked.Reader.WaitToReadAsync(stopping))
        {
            _asked.Reader.TryRead(out _);
            await DigestAllAsync(stopping);
        }
    }

    private async Task DigestAllAsync(CancellationToken stopping)
    {
        try
        {
            if ((await store.UndigestedAsync(0, stopping)).Count == 0)
                return;
            await using var turn = await turns.TryTakeAsync("digests", stopping);
            if (turn is null)
            {
                await turns.AfterAsync(Ask, stopping);
                return;
            }

            // Asked again: whoever had the turn before may have done it.
            for (var waiting = await store.UndigestedAsync(0, turn.Token); waiting.Count > 0; waiting = await store.UndigestedAsync(waiting[^1].No, turn.Token))
            {
                foreach (var file in waiting)
                    await TryDigestAsync(file, turn.Token, stopping);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            NotDigested(_log, exception);
            AskLater(stopping);
        }
    }

    private async Task TryDigestAsync(FileRow file, CancellationToken cancellation, CancellationToken stopping)
    {
        try
        {
            await DigestAsync(file, cancellation);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // It was deleted under our hands, or its bytes are lost or damaged: that is no reason for the others to wait.
            NotDigested(_log, exception);
            if (exception is EngineUnavailableException)
                AskLater(stopping);
        }
    }

    private void AskLater(CancellationToken stopping) =>
        _ = Task.Delay(AskAgainAfter, clock, stopping).ContinueWith(_ => Ask(), stopping, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);

    private async Task DigestAsync(FileRow file, CancellationToken stopping)
    {
        var grid = new ChunkGrid(file.Size, file.ChunkSize);
        var known = new ChunkSet((await files.ChunksAsync(file, 0, ChunkGrid.MaxChunks, stopping)).Select(chunk => chunk.Chunk));
        var done = new List<ChunkRow>();
        await using var pieces = new PieceReader(files, blobs, file);
        for (var chunk = 0; chunk < grid.Count; chunk++)
        {
            if (known.Contains(chunk))
                continue;
            done.Add(await DigestAsync(pieces, chunk, grid, stopping));
            if (done.Count < RowsAtOnce)
                continue;
            await store.AddDigestsAsync(file, done, stopping);
            done.Clear();
        }

        await store.AddDigestsAsync(file, done, stopping);
        if (await store.DigestedAsync(file.Id, clock.GetUtcNow(), stopping) is not { } finished)
            return;
        await tell.OfCardAsync(finished);
        pack.Ask();
    }

    private static async Task<ChunkRow> DigestAsync(PieceReader pieces, int chunk, ChunkGrid grid, CancellationToken stopping)
    {
        using var digests = new ChunkDigests(keepHead: false);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            var (at, end) = (grid.OffsetOf(chunk), grid.OffsetOf(chunk) + grid.LengthOf(chunk));
            while (at < end)
            {
                var count = await pieces.ReadAsync(at, buffer.AsMemory(0, (int)Math.Min(buffer.Length, end - at)), stopping);
                digests.Append(new ReadOnlySequence<byte>(buffer, 0, count));
                at += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return new ChunkRow { Chunk = chunk, Length = grid.LengthOf(chunk), Crc32 = digests.Crc32, Sha256 = digests.Sha256() };
    }

    [LoggerMessage(410, LogLevel.Warning, "The digests of a file that was made of parts could not be computed yet")]
    private static partial void NotDigested(ILogger log, Exception exception);
}
