using System.Threading.Channels;
using Hypersend.Server.Platform;
using Hypersend.Server.Platform.Threads;
using Hypersend.Server.Platform.Turns;

namespace Hypersend.Server.Features.Files.Packing;

/// <summary>
/// Gives files that get much smaller a packed form, one after the other, when the processors have nothing better to do.
/// What waits stands in the rows, so that a start goes on where the last one ended.
/// </summary>
internal sealed partial class PackFiles(
    IPackStore store, IFileStore files, IBlobStore blobs, FileOptions options, TakeTurns turns, TimeProvider clock, ILogger<PackFiles> log) : BackgroundLoop(log)
{
    // For what failed or found no room, and for what a server left behind that is not there any more.
    private static readonly TimeSpan Round = TimeSpan.FromMinutes(10);

    private readonly ILogger _log = log;
    private readonly Channel<bool> _asked = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Something may wait now.</summary>
    public void Ask() => _asked.Writer.TryWrite(true);

    /// <summary>Looks once at all that waits; false when another server is at it.</summary>
    public async Task<bool> PackAllAsync(CancellationToken cancellation)
    {
        if ((await store.WaitingAsync(0, cancellation)).Count == 0)
            return true;
        await using var turn = await turns.TryTakeAsync("packing", cancellation);
        if (turn is null)
            return false;
        await PackAllInTurnAsync(turn.Token);
        return true;
    }

    private async Task PackAllInTurnAsync(CancellationToken cancellation)
    {
        // Asked again: whoever had the turn before may have packed them.
        var waiting = await store.WaitingAsync(0, cancellation);
        using var thread = new QuietThread("file packing");
        var packer = new Packer(files, blobs, options, thread, clock);
        while (waiting.Count > 0)
        {
            foreach (var file in waiting)
            {
                if (PackingRules.HasRoom(blobs.FreeBytes, options.FreeSpaceFloor, file.Size!.Value))
                    await TryPackAsync(packer, file, cancellation);
            }

            waiting = await store.WaitingAsync(waiting[^1].No, cancellation);
        }
    }

    protected override async Task RunAsync(CancellationToken stopping)
    {
        if (!options.PackFiles)
            return;
        await using var timer = clock.CreateTimer(_ => Ask(), null, TimeSpan.Zero, Round);
        while (await _asked.Reader.WaitToReadAsync(stopping))
        {
            _asked.Reader.TryRead(out _);
            try
            {
                if (!await PackAllAsync(stopping))
                    await turns.AfterAsync(Ask, stopping);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stopping.IsCancellationRequested)
            {
                NotAsked(_log, exception);
            }
        }
    }

    private async Task TryPackAsync(Packer packer, FileRow file, CancellationToken cancellation)
    {
        try
        {
            await PackAsync(packer, file, cancellation);
        }
        catch (NoRoomException)
        {
            NoRoom(_log, file.No);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The store is away, or the file was deleted under our hands.
            NotPacked(_log, file.No, exception);
        }
    }

    private async Task PackAsync(Packer packer, FileRow file, CancellationToken cancellation)
    {
        if (await packer.PackAsync(file, cancellation) is not { } form)
        {
            await store.GiveUpAsync(file.Id, cancellation);
            return;
        }

        // Not cancelled: whether it is in the rows decides whether its bytes stay.
        if (await store.AddAsync(file.Id, form, CancellationToken.None))
            Packed(_log, file.No, file.Size!.Value, form.Size);
        else
            await blobs.DeleteAsync(form.Id, CancellationToken.None);
    }

    [LoggerMessage(425, LogLevel.Debug, "File {FileNo} of {Size} bytes was packed into {PackedSize}")]
    private static partial void Packed(ILogger log, long fileNo, long size, long packedSize);

    [LoggerMessage(426, LogLevel.Warning, "File {FileNo} could not be packed; it will be tried again")]
    private static partial void NotPacked(ILogger log, long fileNo, Exception exception);

    [LoggerMessage(428, LogLevel.Debug, "There was no room to pack file {FileNo}; it will be tried again")]
    private static partial void NoRoom(ILogger log, long fileNo);

    [LoggerMessage(427, LogLevel.Warning, "It could not be asked which files wait to be packed; it will be tried again")]
    private static partial void NotAsked(ILogger log, Exception exception);
}
