using System.Threading.Channels;
using Hypersend.Contracts;
using Hypersend.Contracts.Realtime;
using Hypersend.Server.Platform;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Files;

/// <summary>Tells the chats how far the files on their way are: what lands within a quarter of a second is told once.</summary>
internal sealed partial class UploadProgress(IUploadStore store, IBus bus, TimeProvider clock, ILogger<UploadProgress> log) : BackgroundLoop(log)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private HashSet<OpenUpload> _moved = [];

    public void Note(OpenUpload upload)
    {
        lock (_gate)
            _moved.Add(upload);
        _wake.Writer.TryWrite(true);
    }

    protected override async Task RunAsync(CancellationToken stopping)
    {
        while (await _wake.Reader.WaitToReadAsync(stopping))
        {
            _wake.Reader.TryRead(out _);
            foreach (var upload in Take())
                await TellAsync(upload.File, stopping);
            await Task.Delay(Every, clock, stopping);
        }
    }

    private HashSet<OpenUpload> Take()
    {
        lock (_gate)
        {
            var taken = _moved;
            _moved = [];
            return taken;
        }
    }

    private async Task TellAsync(FileRow file, CancellationToken cancellation)
    {
        if (!file.IsUploading)
            return;
        try
        {
            await TellAsync(file, EventTypes.FileProgress, cancellation);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Only a figure on a screen was lost; the next one comes with the next chunk.
            NotTold(log, exception);
        }
    }

    /// <summary>One of the passing events of a file, to all who see it in a chat.</summary>
    public async Task TellAsync(FileRow file, string type, CancellationToken cancellation)
    {
        foreach (var chat in await store.ChatsOfAsync(file.Id, cancellation))
        {
            var told = new FileEvent
            {
                Type = type,
                ChatId = chat.Id,
                FileId = file.Id,
                State = file.State,
                Received = file.ReceivedBytes,
                Size = file.Size,
            };
            bus.Publish(new ChatNotice(chat.No, default, NoticeKind.File, EventJson.Of(told, HypersendJson.Wire.FileEvent)));
        }
    }

    [LoggerMessage(401, LogLevel.Warning, "The progress of an upload could not be told")]
    private static partial void NotTold(ILogger log, Exception exception);
}
