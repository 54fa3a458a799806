using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace Hypersend.Cli.Files;

/// <summary>What tells one file, as it is now, from any other and from itself after a change: where it lies on the disk, its size, and when it was written, to the nanosecond.</summary>
internal sealed partial record FileIdentity
{
    // struct statx is the same on every processor, which struct stat is not.
    private const int CurrentFolder = -100;
    private const int BasicStats = 0x7ff;
    private const int StructLength = 256;
    private const int ModeAt = 28;
    private const int InodeAt = 32;
    private const int SizeAt = 40;
    private const int WrittenAt = 112;
    private const int DeviceAt = 136;
    private const int KindMask = 0xf000;
    private const int RegularFile = 0x8000;

    public required ulong Device { get; init; }

    public required ulong Inode { get; init; }

    public required long Size { get; init; }

    public required long WrittenNs { get; init; }

    /// <summary>False for pipes, devices and the like, which only pass.</summary>
    [JsonIgnore]
    public bool IsRegular { get; private init; } = true;

    /// <summary>Of the file at this path; null when there is none.</summary>
    public static FileIdentity? Find(string path)
    {
        if (!OperatingSystem.IsLinux())
            return OfElsewhere(path);
        Span<byte> told = stackalloc byte[StructLength];
        if (Statx(CurrentFolder, path, 0, BasicStats, told) != 0)
            return null;
        return new FileIdentity
        {
            Device = MemoryMarshal.Read<ulong>(told[DeviceAt..]),
            Inode = MemoryMarshal.Read<ulong>(told[InodeAt..]),
            Size = MemoryMarshal.Read<long>(told[SizeAt..]),
            WrittenNs = (MemoryMarshal.Read<long>(told[WrittenAt..]) * 1_000_000_000) + MemoryMarshal.Read<uint>(told[(WrittenAt + sizeof(long))..]),
            IsRegular = (MemoryMarshal.Read<ushort>(told[ModeAt..]) & KindMask) == RegularFile,
        };
    }

    public override string ToString() => $"{Device}:{Inode}:{Size}:{WrittenNs}";

    private static FileIdentity? OfElsewhere(string path)
    {
        var file = new FileInfo(path);
        return !file.Exists
            ? null
            : new FileIdentity { Device = 0, Inode = (ulong)file.CreationTimeUtc.Ticks, Size = file.Length, WrittenNs = (file.LastWriteTimeUtc - DateTime.UnixEpoch).Ticks * 100 };
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int folder, string path, int flags, uint mask, Span<byte> told);
}
