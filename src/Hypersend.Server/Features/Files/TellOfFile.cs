using Hypersend.Contracts.Files;
using Hypersend.Contracts.Realtime;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Files;

/// <summary>After the commit: messages in their new form, and the word that says what happened to the file.</summary>
internal sealed class TellOfFile(ChangePublisher publisher, UploadProgress progress, OpenUploads uploads)
{
    public async Task HandleAsync(Finished finished)
    {
        uploads.Ended(finished.File);
        await OfCardAsync(finished);
        if (finished.Changes.Count == 0)
            return;
        var type = finished.File.State switch
        {
            FileStates.Ready => EventTypes.FileReady,
            FileStates.Removed => EventTypes.FileRemoved,
            _ => finished.File.ReadyAt is null ? EventTypes.FileFailed : EventTypes.FileRemoved,
        };
        await progress.TellAsync(finished.File, type, CancellationToken.None);
    }

    /// <summary>Only what messages show of it has changed.</summary>
    public async Task OfCardAsync(Finished finished)
    {
        foreach (var change in finished.Changes)
            await publisher.PublishAsync(change);
    }
}
