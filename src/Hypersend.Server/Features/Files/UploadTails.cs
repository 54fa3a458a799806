using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Files;

/// <summary>The uploads that somebody reads while they come. One loop reads the rows of all of them, twice a second, while anybody waits.</summary>
internal sealed partial class UploadTails : BackgroundLoop
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<FileId, UploadTail> _tails = [];
    private readonly OpenUploads _uploads;
    private readonly IUploadStore _store;
    private readonly TimeProvider _clock;
    private readonly ILogger<UploadTails> _log;

    public UploadTails(OpenUploads uploads, IUploadStore store, TimeProvider clock, ILogger<UploadTails> log)
        : base(log)
    {
        (_uploads, _store, _clock, _log) = (uploads, store, clock, log);
        uploads.Over += file => Find(file.Id)?.Ended(file);
    }

    public UploadTail Follow(FileRow file)
    {
        lock (_tails)
        {
            if (!_tails.TryGetValue(file.Id, out var tail))
                _tails[file.Id] = tail = new UploadTail(file, _uploads, _store, _clock);
            tail.Readers++;
            return tail;
        }
    }

    public void Leave(UploadTail tail)
    {
        lock (_tails)
        {
            if (--tail.Readers == 0)
                _tails.Remove(tail.Id);
        }
    }

    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(PollEvery, _clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            foreach (var tail in All())
            {
                try
                {
                    await tail.PollAsync(stopping);
                }
                catch (EngineUnavailableException exception)
                {
                    NotRead(_log, exception);
                }
            }
        }
    }

    private UploadTail? Find(FileId id)
    {
        lock (_tails)
            return _tails.GetValueOrDefault(id);
    }

    private UploadTail[] All()
    {
        lock (_tails)
            return [.. _tails.Values];
    }

    [LoggerMessage(414, LogLevel.Warning, "The rows of an upload could not be read for those who follow it")]
    private static partial void NotRead(ILogger log, Exception exception);
}
