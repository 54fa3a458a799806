using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Hypersend.Server.Engines.Blobs.Disk;

/// <summary>The doors to the disk for a file's bytes. Tests come in through here to let a call fail or forget what no flush covered.</summary>
internal partial class DiskCalls
{
    private const int Interrupted = 4; // EINTR
    private const uint StartWriting = 2; // SYNC_FILE_RANGE_WRITE
    private const int OnlyCached = 8; // RWF_NOWAIT
    private const int HoleOfSameSize = 3; // FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE
    private const int SetFlags = 4; // F_SETFL
    private const int DirectOnX86 = 0x4000; // O_DIRECT, which is not the same number everywhere
    private const int DirectOnArm = 0x10000;

    public virtual void Write(SafeFileHandle file, IReadOnlyList<ReadOnlyMemory<byte>> segments, long offset)
    {
        try
        {
            if (segments.Count == 1)
                RandomAccess.Write(file, segments[0].Span, offset);
            else
                RandomAccess.Write(file, segments, offset);
        }
        catch (ArgumentOutOfRangeException exception)
        {
            // What .NET makes of EFBIG: FAT ends at 4 GiB.
            throw new IOException("The file system takes no file of this length.", exception) { HResult = DiskErrors.TooLong };
        }
    }

    /// <summary>
    /// A handle whose writes go past the page cache; null where the system, the file system or the processor has none. Memory,
    /// place and length of such a write are multiples of <see cref="AlignedBuffer.Block"/>.
    /// </summary>
    public virtual SafeFileHandle? OpenDirect(string path)
    {
        var flag = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => DirectOnX86,
            Architecture.Arm64 => DirectOnArm,
            _ => 0,
        };
        if (!OperatingSystem.IsLinux() || flag == 0)
            return null;
        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        if (Control(handle, SetFlags, flag) == 0)
            return handle;
        handle.Dispose();
        return null;
    }

    /// <summary>
    /// What lies in the page cache is read at once, without a thread that could wait; -1 when some of it would have to come
    /// from the disk, or when the system cannot tell.
    /// </summary>
    public virtual unsafe int ReadCached(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        if (!OperatingSystem.IsLinux())
            return -1;
        fixed (byte* start = buffer)
        {
            var place = new IoVector { Start = start, Length = (nuint)buffer.Length };
            return (int)ReadVector(file, &place, 1, offset, OnlyCached);
        }
    }

    /// <summary>
    /// Asks the system to begin writing to the disk what lies there, without waiting, so that the flush finds little left to
    /// do. It promises nothing: what fails is told by the flush.
    /// </summary>
    public virtual void PushOut(SafeFileHandle file, long offset, long length)
    {
        if (OperatingSystem.IsLinux())
            _ = SyncFileRange(file, offset, length, StartWriting);
    }

    /// <summary>What this process may still write to the disk of a folder.</summary>
    public virtual long FreeBytes(string folder)
    {
        Directory.CreateDirectory(folder);
        return new DriveInfo(folder).AvailableFreeSpace;
    }

    /// <summary>Gives the space of a stretch back; it reads as zeros then. Where the file system cannot, the space stays taken.</summary>
    public virtual void PunchHole(SafeFileHandle file, long offset, long length)
    {
        if (OperatingSystem.IsLinux())
            _ = Fallocate(file, HoleOfSameSize, offset, length);
    }

    /// <summary>The names in a folder are on the disk afterwards.</summary>
    public virtual void FlushFolder(string folder) => WholeFile.FlushFolder(folder);

    /// <summary>What lies there is gone, if not for good before its folder is flushed.</summary>
    public virtual void Delete(string path) => File.Delete(path);

    /// <summary>What was written before is on the disk afterwards, and so is the length; times of change may wait.</summary>
    public virtual void Flush(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(file);
            return;
        }

        while (Fdatasync(file) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != Interrupted)
                throw new IOException("Could not flush a file: " + Marshal.GetPInvokeErrorMessage(error), error);
        }
    }

    [LibraryImport("libc", EntryPoint = "preadv2", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial nint ReadVector(SafeFileHandle file, IoVector* places, int count, long offset, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(SafeFileHandle file, int command, int argument);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Fdatasync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Fallocate(SafeFileHandle file, int mode, long offset, long length);

    [LibraryImport("libc", EntryPoint = "sync_file_range", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SyncFileRange(SafeFileHandle file, long offset, long length, uint flags);

    private unsafe struct IoVector
    {
        public byte* Start;
        public nuint Length;
    }
}
