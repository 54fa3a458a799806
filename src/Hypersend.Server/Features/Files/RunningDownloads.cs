using System.Collections.Concurrent;
using System.Threading.Channels;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Files;

/// <summary>
/// All downloads that run on this server. By the clock, and at once when a session or a file ended here, each is asked
/// whether it may go on; who may not any more, and who takes nothing, is cut.
/// </summary>
internal sealed partial class RunningDownloads : BackgroundLoop
{
    public const int MostPerPerson = 32;

    // An end must bite within five seconds, and the asking takes time too.
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private const int AskedAtOnce = 8;

    private readonly ConcurrentDictionary<RunningDownload, bool> _running = new();
    private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly DownloadGrants _grants;
    private readonly TimeProvider _clock;
    private readonly ILogger<RunningDownloads> _log;

    public RunningDownloads(DownloadGrants grants, SessionCache sessions, OpenUploads uploads, TimeProvider clock, ILogger<RunningDownloads> log)
        : base(log)
    {
        (_grants, _clock, _log) = (grants, clock, log);
        sessions.Forgotten += user => AskAtOnce(run => user is null || run.Who.Person == user);
        uploads.Over += file => AskAtOnce(run => run.Source?.Current.Id == file.Id);
    }

    public int Count => _running.Count;

    /// <summary>Null when this one has as many open as one may have.</summary>
    public RunningDownload? TryBegin(HttpContext context, Fetcher who)
    {
        lock (_open)
        {
            var open = _open.GetValueOrDefault(who.Grantee);
            if (open >= MostPerPerson)
                return null;
            _open[who.Grantee] = open + 1;
        }

        var run = new RunningDownload(this, context, who, _clock);
        _running[run] = false;
        FileMetrics.DownloadBegan();
        return run;
    }

    public void End(RunningDownload run)
    {
        if (!_running.TryRemove(run, out _))
            return;
        FileMetrics.DownloadEnded();
        lock (_open)
        {
            if (--_open[run.Who.Grantee] == 0)
                _open.Remove(run.Who.Grantee);
        }
    }

    protected override async Task RunAsync(CancellationToken stopping)
    {
        await using var timer = _clock.CreateTimer(_ => _wake.Writer.TryWrite(true), null, LookEvery, LookEvery);
        while (await _wake.Reader.WaitToReadAsync(stopping))
        {
            _wake.Reader.TryRead(out _);
            foreach (var run in _running.Keys)
            {
                if (!run.IsStalled())
                    continue;
                Stalled(_log);
                run.Cut();
            }

            var due = _running.Where(run => run.Value || _clock.GetElapsedTime(run.Key.AskedAt) >= AskEvery).Select(run => run.Key).ToArray();
            await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AskedAtOnce, CancellationToken = stopping }, AskAsync);
        }
    }

    private void AskAtOnce(Func<RunningDownload, bool> which)
    {
        foreach (var run in _running.Keys)
        {
            if (which(run))
                _running.TryUpdate(run, true, false);
        }

        _wake.Writer.TryWrite(true);
    }

    private async ValueTask AskAsync(RunningDownload run, CancellationToken cancellation)
    {
        // Before the question, so that what ends while it is asked is asked about once more.
        _running.TryUpdate(run, false, true);
        run.AskedAt = _clock.GetTimestamp();
        try
        {
            if (run.Source?.Current is not { } file || await MayGoOnAsync(run.Who, file.Id, cancellation))
                return;
            NotAllowed(_log, file.No);
            run.Cut();
        }
        catch (EngineUnavailableException exception)
        {
            // Nobody can take a right away while the rows are out of reach; it is asked again in a few seconds.
            NotAsked(_log, exception);
        }
    }

    private async ValueTask<bool> MayGoOnAsync(Fetcher who, FileId id, CancellationToken cancellation) =>
        await who.LookAsync(id, cancellation) is { EndedAt: null } file && await _grants.RefuseAsync(file, who.Grantee, cancellation) is null;

    [LoggerMessage(411, LogLevel.Information, "A download of file {FileNo} was cut: it is not allowed any more")]
    private static partial void NotAllowed(ILogger log, long fileNo);

    [LoggerMessage(412, LogLevel.Information, "A download was cut: nothing was taken for a minute")]
    private static partial void Stalled(ILogger log);

    [LoggerMessage(413, LogLevel.Warning, "A running download could not be checked")]
    private static partial void NotAsked(ILogger log, Exception exception);
}
