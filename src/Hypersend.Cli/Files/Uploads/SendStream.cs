using Hypersend.Cli.Files.Progress;
using Hypersend.Cli.Profiles;
using Hypersend.Cli.Screens;
using Hypersend.Cli.Start;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Sdk;
using Hypersend.Sdk.Files;

namespace Hypersend.Cli.Files.Uploads;

/// <summary>Sends what comes through a pipe. It passes once, so what breaks off cannot be gone on with, and the server keeps nothing of it.</summary>
internal sealed class SendStream(Workplace place, SignedInClient me, UploadWish wish)
{
    /// <summary>A pipe cannot be asked again, so the line may be away for long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromHours(6);

    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    public async Task<CompletedUpload> RunAsync(Stream bytes, string name, TransferLine line, CancellationToken cancellation)
    {
        using var source = UploadSource.OfStream(bytes);
        var upload = me.Client.Files.Upload(source, wish.RequestFor(name, null, null), wish.Options with { GiveUpAfter = Patience });
        FileId? id = null;
        upload.Begun += begun =>
        {
            id = begun.UploadId;
            line.Begin(new FileEvent { Event = "begun", FileId = begun.FileId.ToString(), Filename = name });
        };
        upload.Waiting += line.Wait;
        upload.Progressed += progress => line.Show(progress);
        try
        {
            return await upload.RunAsync(cancellation);
        }
        catch (Exception failure)
        {
            if (id is { } begun)
                await GiveUpAsync(begun);
            if (cancellation.IsCancellationRequested)
                throw new StopException(ExitCodes.Interrupted, "Stopped. What came through the pipe cannot be read again: nothing was published.");
            if (failure is HttpRequestException or IOException)
                place.Screen.Complain("What came through the pipe cannot be read again: nothing was published, begin anew.");
            throw;
        }
    }

    private async Task GiveUpAsync(FileId upload)
    {
        using var patience = new CancellationTokenSource(LastWords, place.Around.Clock);
        try
        {
            await me.Client.Files.DeleteAsync(upload, null, patience.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or HypersendException or OperationCanceledException)
        {
            place.Screen.Note("The server could not be told; it gives the upload up by itself after some days. " + PlainText.OneLine(exception.Message));
        }
    }
}
