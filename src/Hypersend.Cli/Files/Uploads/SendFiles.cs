using Hypersend.Cli.Files.Progress;
using Hypersend.Cli.Profiles;
using Hypersend.Cli.Start;
using Hypersend.Sdk;

namespace Hypersend.Cli.Files.Uploads;

/// <summary>Sends files one after the other. One that cannot be sent does not keep the others from it; a server that is away does.</summary>
internal sealed class SendFiles(Workplace place, SignedInClient me, UploadWish wish, TransferScreen screen)
{
    private readonly Notes<UploadNote> _notes = UploadNotes.Of(place);

    /// <param name="files">What is sent, in this order.</param>
    /// <param name="again">Also what has arrived before.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task RunAsync(IReadOnlyList<LocalFile> files, bool again, CancellationToken cancellation)
    {
        if (files is [var only])
        {
            await SendAsync(only, wish, null, cancellation);
            return;
        }

        var arrived = new ArrivedFiles(place, me, wish.Chat);
        if (again)
            arrived.Forget(files);
        else
            await arrived.LookAsync(cancellation);
        if (files.Count(file => arrived.Find(file) is not null) is > 0 and var count)
            place.Screen.Complain($"{count} of {files.Count} files have arrived before and are not sent again; --again sends them once more.");

        var failed = 0;
        for (var at = 0; at < files.Count; at++)
        {
            if (!await TryAsync(files[at], at == 0 ? wish : wish with { Caption = null }, arrived, cancellation))
                failed++;
        }

        if (failed > 0)
            throw new StopException(ExitCodes.Failed, $"{failed} of {files.Count} files were not sent; the others were. The same command sends only what is missing.");
        arrived.Forget(files);
    }

    /// <summary>False when it could not be sent, for a reason of its own.</summary>
    private async Task<bool> TryAsync(LocalFile file, UploadWish its, ArrivedFiles arrived, CancellationToken cancellation)
    {
        if (arrived.Find(file) is { } id)
        {
            screen.Skipped(id, file);
            return true;
        }

        try
        {
            await SendAsync(file, its, arrived, cancellation);
            return true;
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested && IsOfTheFile(failure))
        {
            var sentence = Complaint.About(failure, place, cancellation).Sentence ?? failure.Message;
            screen.Failed(file, sentence);
            place.Screen.Complain(failure is HypersendException ? $"{file.FullPath}: {sentence}" : sentence);
            return false;
        }
    }

    private async Task SendAsync(LocalFile file, UploadWish its, ArrivedFiles? arrived, CancellationToken cancellation)
    {
        var sending = new SendFile(place, me, its, _notes);
        var identity = FileIdentity.Find(file.FullPath);
        try
        {
            var done = await screen.RunAsync(
                new FileEvent { Event = "begun", Path = file.FullPath, Filename = file.Name },
                file.FolderPath ?? file.Name,
                shown => sending.RunAsync(file, shown, there => arrived?.Add(file, identity!, there.FileId), cancellation));
            screen.Sent(done, file.FullPath, file.FolderPath);
        }
        catch (HttpRequestException)
        {
            place.Screen.Complain("What has arrived stays there: the same command goes on from there.");
            throw;
        }
    }

    private static bool IsOfTheFile(Exception failure) => failure is
        StopException or UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException or HypersendException { Status: 400 or 413 or 415 or 422 };
}
