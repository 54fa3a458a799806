using System.Globalization;

namespace Hypersend.Server.Features.Backups;

/// <summary>How far it is, on one line that is written again, or on a line now and then where nobody looks at a screen.</summary>
internal sealed class BackupProgress(TextWriter screen, bool isTerminal, TimeProvider clock)
{
    private static readonly TimeSpan OnScreen = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan InLog = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private string _what = "";
    private long _began = clock.GetTimestamp();
    private long _told = clock.GetTimestamp();
    private long _total;
    private long _done;

    /// <summary>Begins another stretch; without a total nobody knows how long it takes.</summary>
    public void Begin(string what, long total = 0)
    {
        lock (_gate)
            (_what, _total, _done, _began) = (what, total, 0, clock.GetTimestamp());
    }

    public void Add(long bytes)
    {
        lock (_gate)
        {
            _done += bytes;
            if (clock.GetElapsedTime(_told) < (isTerminal ? OnScreen : InLog))
                return;
            _told = clock.GetTimestamp();
            Tell();
        }
    }

    public void Say(string sentence)
    {
        lock (_gate)
            screen.WriteLine(isTerminal ? $"\r\e[K{sentence}" : sentence);
    }

    public static string Size(long bytes) => bytes switch
    {
        >= 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.0} GiB"),
        >= 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):0.0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(bytes + 1023) / 1024} KiB"),
    };

    private void Tell()
    {
        var seconds = Math.Max(0.001, clock.GetElapsedTime(_began).TotalSeconds);
        var speed = $"{Size((long)(_done / seconds))}/s";
        var line = _total == 0
            ? $"{_what}: {Size(_done)}, {speed}"
            : $"{_what}: {Size(_done)} of {Size(_total)}, {speed}, {Left(seconds)} left";
        screen.Write(isTerminal ? $"\r\e[K{line}" : line + "\n");
        screen.Flush();
    }

    private string Left(double seconds)
    {
        var left = TimeSpan.FromSeconds(_done == 0 ? 0 : Math.Min(seconds * (_total - _done) / _done, 99 * 3600));
        return left.TotalHours >= 1 ? $"{(int)left.TotalHours} h {left.Minutes} min" : left.TotalMinutes >= 1 ? $"{left.Minutes} min {left.Seconds} s" : $"{left.Seconds} s";
    }
}
