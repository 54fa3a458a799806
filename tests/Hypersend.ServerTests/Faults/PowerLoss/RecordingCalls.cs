using Hypersend.Server.Engines.Blobs.Disk;
using Microsoft.Win32.SafeHandles;

namespace Hypersend.ServerTests.Faults.PowerLoss;

/// <summary>The door to the disk for files' bytes: the real one, with everything that goes through it written down.</summary>
internal sealed class RecordingCalls(DiskLog log) : DiskCalls
{
    public override void Write(SafeFileHandle file, IReadOnlyList<ReadOnlyMemory<byte>> segments, long offset)
    {
        base.Write(file, segments, offset);
        var bytes = new byte[segments.Sum(segment => segment.Length)];
        var at = 0;
        foreach (var segment in segments)
        {
            segment.CopyTo(bytes.AsMemory(at));
            at += segment.Length;
        }

        log.Add(new Written(NameOf(file), offset, bytes));
    }

    public override void PunchHole(SafeFileHandle file, long offset, long length)
    {
        base.PunchHole(file, offset, length);
        log.Add(new Written(NameOf(file), offset, new byte[length]));
    }

    public override void Flush(SafeFileHandle file)
    {
        var began = log.Now;
        base.Flush(file);
        log.Add(new Flushed(NameOf(file), began));
    }

    public override void FlushFolder(string folder)
    {
        var names = Directory.EnumerateFileSystemEntries(folder).Select(log.NameOf).ToHashSet(StringComparer.Ordinal);
        base.FlushFolder(folder);
        log.Add(new NamesFlushed(log.NameOf(folder), names));
    }

    public override void Delete(string path)
    {
        base.Delete(path);
        log.Add(new Removed(log.NameOf(path)));
    }

    private string NameOf(SafeFileHandle file) =>
        log.NameOf(File.ResolveLinkTarget($"/proc/self/fd/{file.DangerousGetHandle()}", returnFinalTarget: false)!.FullName);
}
