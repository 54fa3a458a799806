using System.Diagnostics.Metrics;

namespace Hypersend.Server.Features.Files;

/// <summary>What moves in and out.</summary>
internal static class FileMetrics
{
    private static readonly Meter Meter = new("Hypersend.Files");

    private static readonly Counter<long> ReceivedBytes = Meter.CreateCounter<long>(
        "hypersend.files.received", unit: "By", description: "Bytes of files that came and were written down");

    private static readonly Counter<long> SentBytes = Meter.CreateCounter<long>(
        "hypersend.files.sent", unit: "By", description: "Bytes of files that were handed to those who fetch them");

    private static readonly UpDownCounter<long> Chunks = Meter.CreateUpDownCounter<long>(
        "hypersend.files.uploads", description: "Chunks and streams that are being received");

    private static readonly UpDownCounter<long> Downloads = Meter.CreateUpDownCounter<long>(
        "hypersend.files.downloads", description: "Downloads that are running");

    private static readonly Counter<long> CutDownloads = Meter.CreateCounter<long>(
        "hypersend.files.cut", description: "Downloads that were ended before their end: bytes that could not be read, nobody who took them, a right that was lost");

    public static void Received(long bytes) => ReceivedBytes.Add(bytes);

    public static void Sent(long bytes) => SentBytes.Add(bytes);

    public static void UploadBegan() => Chunks.Add(1);

    public static void UploadEnded() => Chunks.Add(-1);

    public static void DownloadBegan() => Downloads.Add(1);

    public static void DownloadEnded() => Downloads.Add(-1);

    public static void DownloadCut() => CutDownloads.Add(1);
}
