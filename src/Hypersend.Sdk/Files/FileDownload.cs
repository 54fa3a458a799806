namespace Hypersend.Sdk.Files;

/// <summary>
/// Fetches one file into a file of this machine: several chunks at once, each checked by its digest, each as often as it needs;
/// of a file that is still coming, each as soon as it is there. Until all is here it lies beside its place, with a note of what
/// has come; another run, even of another process, checks that and goes on.
/// </summary>
public sealed partial class FileDownload
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly DownloadOrigin _origin;
    private readonly TransferOptions _options;
    private readonly ProgressMeter _meter;
    private readonly Width _width;
    private long _movedAt;

    internal FileDownload(DownloadOrigin origin, TransferOptions options)
    {
        (_origin, _options) = (origin, options);
        _width = options.Lanes is { } lanes ? Width.Fixed(lanes) : Width.Adaptive(Width.Usual);
        _meter = new ProgressMeter(options.Clock, progress => Progressed?.Invoke(progress), () => _width.Lanes);
    }

    /// <summary>How far it is, at most ten times a second.</summary>
    public event Action<FileProgress>? Progressed;

    /// <summary>Something failed that passes: the next try comes after so long.</summary>
    public event Action<Exception, TimeSpan>? Waiting;

    /// <summary>What it is, before a byte of it is fetched. Not tried again: who asks wants to hear what is wrong.</summary>
    public async Task<FetchedFile> LookAsync(CancellationToken cancellation = default) => (await _origin.LookAsync(null, cancellation)).File;

    /// <summary>
    /// Fetches what is missing, and gives the file its name when all of it is there and checked. After a failure it may be
    /// run again.
    /// </summary>
    /// <param name="path">Where it is to be.</param>
    /// <param name="replaces">Whether a file that is there already may go; else nothing is overwritten.</param>
    /// <param name="cancellation">Ends it; what is here stays for the next run.</param>
    public async Task<FetchedFile> RunAsync(string path, bool replaces = false, CancellationToken cancellation = default)
    {
        var target = Path.GetFullPath(path);
        if (!replaces && File.Exists(target))
            throw new IOException($"There is a file at {target} already.");
        var plan = await PersistAsync(late => _origin.LookAsync(null, late), cancellation);
        using (var place = await DownloadPlace.OpenAsync(target, plan, cancellation))
        {
            _meter.Begin(plan.Size, plan.Total);
            for (var landed = 0; landed < place.Landed; landed++)
                _meter.Landed();
            _meter.Passed(place.LandedBytes, isNew: false);
            while (!await FetchAsync(plan, place, cancellation))
                place.Follow(plan = await NextAsync(plan, cancellation));
            place.Finish(replaces);
        }

        return await EndAsync(plan, cancellation);
    }

    /// <summary>True when all of it is here.</summary>
    private async Task<bool> FetchAsync(DownloadPlan plan, DownloadPlace place, CancellationToken cancellation)
    {
        var missing = new Queue<int>(plan.Available.Where(chunk => !place.Has(chunk)));
        var lanes = Math.Min(_width.Limit, missing.Count);
        using var turns = new Turns(_width);
        using var failing = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _movedAt = _options.Clock.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, lanes).Select(_ => Task.Run(
            async () =>
            {
                try
                {
                    while (await FetchNextAsync())
                    {
                        // Until there is none any more.
                    }
                }
                catch
                {
                    await failing.CancelAsync();
                    throw;
                }
            },
            CancellationToken.None)));
        return plan.IsReady;

        async Task<bool> FetchNextAsync()
        {
            await turns.TakeAsync(failing.Token);
            try
            {
                if (Take() is not { } chunk)
                    return false;
                await FetchAsync(plan, chunk, place, failing.Token);
                return true;
            }
            finally
            {
                turns.Give();
            }
        }

        int? Take()
        {
            lock (missing)
                return missing.TryDequeue(out var chunk) ? chunk : null;
        }
    }

    private TimeSpan Elapsed => _options.Clock.GetElapsedTime(0, _options.Clock.GetTimestamp());

    /// <summary>Waits until the server has more of it.</summary>
    private async Task<DownloadPlan> NextAsync(DownloadPlan plan, CancellationToken cancellation)
    {
        await Task.Delay(LookEvery, _options.Clock, cancellation);
        var next = await PersistAsync(late => _origin.LookAsync(plan, late), cancellation);
        _meter.Expect(next.Size, next.Total);
        return next;
    }

    private async Task<FetchedFile> EndAsync(DownloadPlan plan, CancellationToken cancellation)
    {
        _meter.End();
        if (plan.IsVerified)
            await PersistAsync(ConfirmAsync, cancellation);
        return plan.File with { IsVerified = plan.IsVerified };
    }

    private async Task<bool> ConfirmAsync(CancellationToken cancellation)
    {
        await _origin.ConfirmAsync(cancellation);
        return true;
    }

    /// <summary>A small call, as often as it takes.</summary>
    private async Task<T> PersistAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellation)
    {
        var tries = new Tries(_options);
        while (true)
        {
            try
            {
                return await tries.TryAsync(call, cancellation);
            }
            catch (Exception failure) when (!cancellation.IsCancellationRequested && tries.MayGoOn(failure))
            {
                await WaitAsync(failure, tries.Wait(failure), cancellation);
            }
        }
    }

    private async Task WaitAsync(Exception failure, TimeSpan wait, CancellationToken cancellation)
    {
        Waiting?.Invoke(failure, wait);
        await Task.Delay(wait, _options.Clock, cancellation);
    }
}
