using System.Collections.Concurrent;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform;

namespace Hypersend.Server.Features.Files;

/// <summary>The uploads that somebody is using on this server. What is not used is forgotten: the rows have it all.</summary>
internal sealed class OpenUploads(IUploadStore store, TimeProvider clock, ILogger<OpenUploads> log) : BackgroundLoop(log)
{
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<FileId, OpenUpload> _open = new();

    /// <summary>A file came to the end of its upload here, or went.</summary>
    public event Action<FileRow>? Over;

    /// <summary>Null when there is no upload of this id that goes on.</summary>
    public async ValueTask<OpenUpload?> FindAsync(FileId id, CancellationToken cancellation)
    {
        if (_open.TryGetValue(id, out var known))
        {
            known.UsedAt = clock.GetTimestamp();
            return known;
        }

        if (await store.FindAsync(id, cancellation) is not { File.IsUploading: true } stored)
            return null;
        return _open.GetOrAdd(id, static (_, made) => new OpenUpload(made.stored, made.now), (stored, now: clock.GetTimestamp()));
    }

    /// <summary>What is in memory, if anything is.</summary>
    public OpenUpload? Known(FileId id) => _open.GetValueOrDefault(id);

    /// <summary>Whoever writes is stopped; the next request reads the rows again.</summary>
    public async Task CloseAsync(FileId id)
    {
        if (!_open.TryGetValue(id, out var upload))
            return;
        await upload.CloseAsync();
        _open.TryRemove(new(id, upload));
    }

    /// <summary>Something happened to it elsewhere: the next request reads the rows again. Whoever writes goes on, to be refused by them.</summary>
    public void Forget(OpenUpload upload) => _open.TryRemove(new(upload.File.Id, upload));

    /// <summary>The upload is over: those who follow it hear of it.</summary>
    public void Ended(FileRow file)
    {
        if (_open.TryRemove(file.Id, out var upload))
        {
            upload.Ended(file);
            upload.TryClose();
        }

        Over?.Invoke(file);
    }

    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(ForgetAfter, clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            foreach (var (id, upload) in _open)
            {
                if (clock.GetElapsedTime(upload.UsedAt) >= ForgetAfter && upload.TryClose())
                    _open.TryRemove(new(id, upload));
            }
        }
    }
}
