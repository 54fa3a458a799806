using System.Threading.Channels;
using Hypersend.Cli.Files.Progress;
using Hypersend.Cli.Files.Uploads;
using Hypersend.Cli.Start;
using Hypersend.Sdk;

namespace Hypersend.Cli.Files.Watching;

/// <summary>Looks, waits until a file is ripe, sends it, and begins again.</summary>
internal sealed class WatchRound(Workplace place, string folder, SentJournal journal, SendFile sending, TransferScreen screen, TimeSpan settle)
{
    private static readonly TimeSpan LookBlindly = TimeSpan.FromSeconds(2);

    // Links and what other machines write into a shared disk are told by nobody.
    private static readonly TimeSpan LookAnyway = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetrySoon = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(30);

    private static readonly string[] Unfinished = [".part", ".part.chunks", ".tmp", ".crdownload", "~"];

    private readonly Ripening _ripening = new(settle);

    // Each is said once, and not at every look.
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private readonly HashSet<FileIdentity> _refused = [];

    private DateTimeOffset Now => place.Around.Clock.GetUtcNow();

    /// <summary>As if it had been sent.</summary>
    public void LeaveWhatIsThere(CancellationToken cancellation)
    {
        foreach (var (path, identity) in Files(cancellation))
            journal.Add(new SentLine(identity, path, null));
    }

    /// <param name="seen">Files that somebody closed; null where nobody tells.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(ChannelReader<string?>? seen, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                LookAtAll(cancellation);
                var until = Now + (seen is null ? LookBlindly : LookAnyway);
                while (Now < until && await WorkAsync(seen, until, cancellation))
                {
                    // As long as it is told which files to look at.
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw new StopException(ExitCodes.Interrupted, "Stopped. Started again, it goes on and sends nothing twice.");
        }
    }

    /// <summary>False when everything is to be looked at.</summary>
    private async Task<bool> WorkAsync(ChannelReader<string?>? seen, DateTimeOffset until, CancellationToken cancellation)
    {
        while (seen is not null && seen.TryRead(out var path))
        {
            if (path is null)
                return false;
            See(path);
        }

        while (_ripening.Take(Now, FileIdentity.Find) is { } ripe)
            await SendAsync(ripe.Path, ripe.Identity, cancellation);
        var wait = (_ripening.Next is { } next && next < until ? next : until) - Now;
        await WaitAsync(seen, wait > TimeSpan.Zero ? wait : TimeSpan.Zero, cancellation);
        return true;
    }

    private async Task WaitAsync(ChannelReader<string?>? seen, TimeSpan wait, CancellationToken cancellation)
    {
        if (seen is null)
        {
            await Task.Delay(wait, place.Around.Clock, cancellation);
            return;
        }

        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(seen.WaitToReadAsync(late.Token).AsTask(), Task.Delay(wait, place.Around.Clock, late.Token));
        await late.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
    }

    private void LookAtAll(CancellationToken cancellation)
    {
        foreach (var (path, identity) in Files(cancellation))
            _ripening.See(path, identity, Now);
    }

    private void See(string path)
    {
        if (IsWanted(path) && FileIdentity.Find(path) is { IsRegular: true } identity && !IsSettled(identity))
            _ripening.See(path, identity, Now);
    }

    /// <summary>All that is there and was not sent.</summary>
    private IEnumerable<(string Path, FileIdentity Identity)> Files(CancellationToken cancellation)
    {
        var folders = new Stack<DirectoryInfo>([new DirectoryInfo(folder)]);
        while (folders.TryPop(out var below))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var entry in Entries(below))
            {
                cancellation.ThrowIfCancellationRequested();
                var path = entry.FullName;
                if (!IsWanted(path))
                    continue;
                if (!LocalFile.IsText(entry.Name))
                    Tell(path, "has a name that is no UTF-8 and is left out: rename it.");
                else if (entry is DirectoryInfo && entry.LinkTarget is not null)
                    Tell(path, "is a link to a folder and is left out.");
                else if (entry is DirectoryInfo inner)
                    folders.Push(inner);
                else if (FileIdentity.Find(path) is { IsRegular: true } identity && !IsSettled(identity))
                    yield return (path, identity);
            }
        }
    }

    private static IReadOnlyList<FileSystemInfo> Entries(DirectoryInfo below)
    {
        try
        {
            return [.. below.EnumerateFileSystemInfos("*", new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = 0 })];
        }
        catch (DirectoryNotFoundException)
        {
            // It went while the others were looked at.
            return [];
        }
    }

    private bool IsSettled(FileIdentity identity) => journal.Has(identity) || _refused.Contains(identity);

    private void Tell(string path, string what)
    {
        if (_told.Add(path))
            place.Screen.Complain($"{path} {what}");
    }

    private bool IsWanted(string path) =>
        !Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar).Any(part => part.StartsWith('.'))
        && !Unfinished.Any(ending => path.EndsWith(ending, StringComparison.Ordinal));

    private async Task SendAsync(string path, FileIdentity identity, CancellationToken cancellation)
    {
        if (IsSettled(identity))
            return;
        if (Writers.HasOne(path))
        {
            _ripening.Postpone(path, identity, Now + RetrySoon);
            return;
        }

        var shown = $"{Path.GetFileName(folder)}/{Path.GetRelativePath(folder, path)}";
        var file = new LocalFile(path, LocalFile.Sent(Path.GetFileName(path)), LocalFile.Sent(shown));
        try
        {
            var done = await screen.RunAsync(
                new FileEvent { Event = "begun", Path = path, Filename = file.Name },
                shown,
                line => sending.RunAsync(file, line, arrived => journal.Add(new SentLine(identity, path, arrived.FileId.ToString())), cancellation));
            screen.Sent(done, path, shown);
        }
        catch (HypersendException refusal) when (refusal.Status is 400 or 413 or 415 or 422)
        {
            // The server does not want this one, and would not the next time: the others have nothing to do with it.
            _refused.Add(identity);
            place.Screen.Complain($"{shown}: {Complaint.About(refusal, place, cancellation).Sentence} It is left until it changes.");
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested && MayPass(failure))
        {
            // Also one that changed meanwhile comes back, as what it is then.
            place.Screen.Complain($"{shown}: {failure.Message} It is tried again.");
            _ripening.Postpone(path, identity, Now + (failure is StopException ? RetrySoon : TryAgain));
        }
    }

    private static bool MayPass(Exception failure) => failure switch
    {
        HypersendException refusal => refusal.Status is 429 or 409 or >= 500,
        StopException stop => stop.Code is ExitCodes.Failed or ExitCodes.NotThere,
        HttpRequestException or IOException or UnauthorizedAccessException => true,
        OperationCanceledException => true,
        _ => false,
    };
}
