using System.Globalization;
using System.Runtime.CompilerServices;
using FileOptions = Hypersend.Server.Features.Files.FileOptions;

namespace Hypersend.Server.Start.Verbs.Check;

/// <summary>The folders can be written, have room, and keep what they were given when they say so.</summary>
internal sealed class DiskCheck : ICheck
{
    private const int Flushes = 5;

    private static readonly TimeSpan SlowFlush = TimeSpan.FromMilliseconds(50);

    public string Name => "disk";

    public string Fix => "DATA_ROOT and the folder of STORAGE_URL must be folders that the server's user may write.";

    public async IAsyncEnumerable<Finding> LookAsync(Site site, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        var root = site.Server.DataRoot;
        if (!Directory.Exists(root))
        {
            yield return Finding.Warning("disk.data", $"{root} is not there", "It is made at the first start. If this server has run before, look at DATA_ROOT and at the folder you are in.");
            yield break;
        }

        yield return Flush("disk.data", root, site.Clock);
        yield return Room("disk.room", root, site.Get<FileOptions>().FreeSpaceFloor);
        if (BlobFolder(site) is not { } blobs || !Directory.Exists(blobs))
            yield break;
        yield return Flush("disk.blobs", blobs, site.Clock);
        if (new DriveInfo(blobs).TotalSize != new DriveInfo(root).TotalSize)
            yield return Room("disk.blobs_room", blobs, site.Get<FileOptions>().FreeSpaceFloor);
    }

    /// <summary>What the floor leaves for files decides, and how full the disk is.</summary>
    public static Finding JudgeRoom(string name, string folder, long free, long total, long floor)
    {
        var seen = string.Create(CultureInfo.InvariantCulture, $"{Words.Bytes(free)} of {Words.Bytes(total)} are free at {folder}");
        if (free < floor)
            return Finding.Wrong(name, seen, $"That is less than FREE_SPACE_FLOOR ({Words.Bytes(floor)}): no file is taken any more. Make room, or move STORAGE_URL to a larger disk.");
        return free < floor * 4 || free < total / 20
            ? Finding.Warning(name, seen, "Make room soon, or move STORAGE_URL to a larger disk: below FREE_SPACE_FLOOR no file is taken any more.")
            : Finding.Ok(name, seen);
    }

    private static Finding Room(string name, string folder, long floor)
    {
        var drive = new DriveInfo(folder);
        return JudgeRoom(name, folder, drive.AvailableFreeSpace, drive.TotalSize, floor);
    }

    private static string? BlobFolder(Site site)
    {
        var url = site.Settings.Text("STORAGE_URL", "file:" + Path.Combine(site.Server.DataRoot, "blobs"));
        return url.StartsWith("file:", StringComparison.OrdinalIgnoreCase) ? Path.GetFullPath(url["file:".Length..]) : null;
    }

    // The middle one of a few: one may meet somebody else's burst.
    private static Finding Flush(string name, string folder, TimeProvider clock)
    {
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $".check-{Environment.ProcessId}"));
        try
        {
            using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Options = System.IO.FileOptions.DeleteOnClose });
            var times = new List<TimeSpan>();
            for (var i = 0; i < Flushes; i++)
            {
                file.Write(new byte[4096]);
                var began = clock.GetTimestamp();
                file.Flush(flushToDisk: true);
                times.Add(clock.GetElapsedTime(began));
            }

            var middle = times.Order().ElementAt(Flushes / 2);
            var seen = $"{folder} can be written; what is flushed is on disk after {Words.Milliseconds(middle)}";
            return middle < SlowFlush
                ? Finding.Ok(name, seen)
                : Finding.Warning(name, seen, "Every message waits for one flush. Use a local SSD rather than a disk of the network.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Finding.Wrong(name, $"{folder} cannot be written: {Words.Of(exception)}", $"chown it to the user that the server runs as, and run this check as that user ({Environment.UserName} now).");
        }
    }
}
