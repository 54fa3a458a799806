using System.Globalization;
using Hypersend.Cli.Screens;
using Hypersend.Cli.Start;
using Hypersend.Sdk.Files;
using Spectre.Console;

namespace Hypersend.Cli.Files.Progress;

/// <summary>One file on its way, as it is shown.</summary>
/// <param name="place">Where it is shown.</param>
/// <param name="json">What the lines of JSON have in common; null where nobody asked for any.</param>
internal sealed class TransferLine(Workplace place, FileEvent? json)
{
    private static readonly TimeSpan JsonEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private FileEvent? _json = json;
    private long? _told;

    /// <summary>The bar, where a person sees one.</summary>
    public ProgressTask? Bar { get; set; }

    public string Words { get; private set; } = "";

    /// <summary>The server knows it.</summary>
    public void Begin(FileEvent what) => Tell(_json = _json is null ? null : what, always: true);

    public void Show(FileProgress progress)
    {
        lock (_gate)
        {
            if (Bar is { } bar)
            {
                bar.IsIndeterminate = progress.TotalBytes is null;
                (bar.MaxValue, bar.Value) = (Math.Max(1, progress.TotalBytes ?? 1), progress.TotalBytes == 0 ? 1 : progress.Bytes);
                Words = WordsOf(progress);
            }

            if (_json is { } json)
            {
                Tell(json with
                {
                    Event = "progress",
                    Bytes = progress.Bytes,
                    Size = progress.TotalBytes ?? json.Size,
                    BytesPerSecond = (long)progress.BytesPerSecond,
                    Lanes = progress.Lanes,
                    SecondsLeft = (long?)progress.TimeLeft?.TotalSeconds,
                });
            }
        }
    }

    /// <summary>Something failed that passes.</summary>
    public void Wait(Exception failure, TimeSpan wait)
    {
        lock (_gate)
        {
            Words = string.Create(CultureInfo.InvariantCulture, $"waiting {Math.Max(1, (int)wait.TotalSeconds)} s: {PlainText.OneLine(failure.Message)}");
            if (_json is { } json)
                Tell(json with { Event = "waiting", Detail = failure.Message }, always: true);
        }
    }

    private void Tell(FileEvent? what, bool always = false)
    {
        var clock = place.Around.Clock;
        if (what is null || (!always && _told is { } told && clock.GetElapsedTime(told) < JsonEvery))
            return;
        _told = clock.GetTimestamp();
        place.Screen.Json(what, FileNotesJson.Default.FileEvent);
    }

    internal static string WordsOf(FileProgress progress)
    {
        var words = $"{Shown.Size(progress.Bytes)} of {Shown.Size(progress.TotalBytes)}  {Shown.Size((long)progress.BytesPerSecond)}/s";
        if (progress.TimeLeft is { } left && left < TimeSpan.FromDays(10))
            words += "  " + left.ToString(left.TotalDays >= 1 ? @"d\.hh\:mm\:ss" : left.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);
        return progress.Lanes is { } count ? string.Create(CultureInfo.InvariantCulture, $"{words}  {count} lanes") : words;
    }
}
