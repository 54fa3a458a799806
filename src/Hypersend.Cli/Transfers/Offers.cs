using Hypersend.Cli.Files.Progress;
using Hypersend.Cli.Screens;
using Hypersend.Cli.Start;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Transfers;
using Hypersend.Sdk;
using Hypersend.Sdk.Files;
using Hypersend.Sdk.Realtime;
using Hypersend.Sdk.Transfers;

namespace Hypersend.Cli.Transfers;

/// <summary>What both sides of a direct transfer ask of it.</summary>
internal static class Offers
{
    /// <summary>Null when the server does not know it any more.</summary>
    public static async Task<Transfer?> FindAsync(HypersendClient client, TransferId id, CancellationToken cancellation)
    {
        try
        {
            return await client.Transfers.GetAsync(id, cancellation);
        }
        catch (HypersendException refusal) when (refusal.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Over this keys are agreed on, so that the server passes on what it cannot read.</summary>
    public static LiveClient Live(HypersendClient client)
    {
        var live = client.Live(new LiveOptions { ReportsArrivals = false });
        live.Start();
        return live;
    }

    /// <summary>The sender hears from the server how much the receiver has.</summary>
    public static async Task WatchAsync(LiveClient live, Transfer transfer, TransferLine shown, TimeProvider clock, CancellationToken cancellation)
    {
        var meter = new Speedometer(clock, transfer.Size);
        await foreach (var happened in live.EventsAsync(cancellation))
        {
            if (happened is UnknownEvent { Type: "transfer.progress" } progress && progress.Frame.GetProperty("transfer_id").GetString() == transfer.Id.ToString())
                shown.Show(meter.At(progress.Frame.GetProperty("received").GetInt64()));
        }
    }

    /// <summary>Shows what both have to compare, once nothing else moves on the screen; or says that the server could read along.</summary>
    /// <param name="screen">Where it is said.</param>
    /// <param name="fingerprint">Null when not all of the bytes were sealed.</param>
    /// <param name="peer">The other one.</param>
    public static void Compare(Screen screen, string? fingerprint, Person peer)
    {
        if (fingerprint is null)
            screen.Complain($"The bytes were not sealed, or not all of them: no key came from @{peer.Username} in time, so that the server could read them.");
        else
            screen.Note($"Sealed: nobody in between could read it if both of you see {fingerprint}.");
    }

    /// <summary>Why it has ended, as a sentence.</summary>
    public static async Task<StopException> EndOfAsync(HypersendClient client, Transfer transfer, TransferEndedException ended, CancellationToken cancellation) =>
        EndOf(await FindAsync(client, transfer.Id, cancellation), transfer, ended);

    /// <param name="now">What the server knows of it now.</param>
    /// <param name="transfer">What was offered.</param>
    /// <param name="ended">Why the line ended.</param>
    public static StopException EndOf(Transfer? now, Transfer transfer, TransferEndedException ended) => ended.Reason == TransferEndedException.FileChanged
        ? new StopException(ExitCodes.Failed, $"{transfer.Filename} changed at the sender while it was sent: what came is of two different files, and nothing was kept. Ask @{transfer.Sender.Username} to offer it anew.")
        : now?.State switch
        {
            TransferStates.Offered or TransferStates.Accepted => new StopException(
                ExitCodes.Failed, $"The line for {transfer.Filename} was ended by the server ({ended.Reason}), perhaps for another device of yours. What is there stays: the same command goes on as long as the offer stands."),
            TransferStates.Rejected => new StopException(ExitCodes.Failed, $"@{transfer.Receiver.Username} does not want {transfer.Filename}."),
            TransferStates.Cancelled => new StopException(ExitCodes.Failed, $"The transfer of {transfer.Filename} was cancelled."),
            TransferStates.Expired => new StopException(ExitCodes.Failed, $"Nobody took {transfer.Filename} within a day: offer it again."),
            TransferStates.Done => new StopException(ExitCodes.Failed, $"{transfer.Filename} has been taken already, perhaps on another device."),
            _ => new StopException(ExitCodes.Failed, $"The transfer of {transfer.Filename} has ended: {ended.Reason}."),
        };
}

/// <summary>How fast bytes come whose number is told now and then.</summary>
internal sealed class Speedometer(TimeProvider clock, long size)
{
    private readonly long _began = clock.GetTimestamp();
    private long? _first;

    public FileProgress At(long bytes)
    {
        var first = _first ??= bytes;
        var seconds = clock.GetElapsedTime(_began).TotalSeconds;
        var speed = seconds > 0 ? (bytes - first) / seconds : 0;
        return new FileProgress
        {
            Bytes = bytes,
            TotalBytes = size,
            Chunks = 0,
            TotalChunks = null,
            BytesPerSecond = speed,
            TimeLeft = speed > 0 ? TimeSpan.FromSeconds(Math.Min((size - bytes) / speed, TimeSpan.FromDays(99).TotalSeconds)) : null,
        };
    }
}

/// <summary>Tells on the thread on which it is told.</summary>
internal sealed class Told<T>(Action<T> tell) : IProgress<T>
{
    public void Report(T value) => tell(value);
}
