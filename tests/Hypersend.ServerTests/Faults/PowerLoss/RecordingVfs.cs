using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hypersend.Server.Engines.Sql.Sqlite;

namespace Hypersend.ServerTests.Faults.PowerLoss;

/// <summary>
/// SQLite's door to the disk: its own, with what goes through it written down for the folders that are watched. It stands in
/// front of the usual one for the whole process, and steps aside for every other file. The memory that its connections
/// share is no part of this: it is made anew after a power loss.
/// </summary>
internal static unsafe class RecordingVfs
{
    private const int HeaderLength = 2 * sizeof(long);
    private const int MethodsVersion = 2; // With shared memory, without mapped reads, which would not come through here.

    private static readonly ConcurrentDictionary<string, DiskLog> Watched = new(StringComparer.Ordinal);
    private static readonly Lazy<bool> Installed = new(Install);

    private static Vfs* _real;
    private static Methods* _methods;

    /// <summary>From now on, what SQLite does in this log's folder is written down.</summary>
    public static void Watch(DiskLog log)
    {
        Assert.True(Installed.Value);
        Watched[log.Root + Path.DirectorySeparatorChar] = log;
    }

    private static bool Install()
    {
        SqliteLibrary.Load();
        var library = SqliteLibrary.Open(Assembly.Load("SQLitePCLRaw.provider.e_sqlite3"), out _);
        var find = (delegate* unmanaged[Cdecl]<byte*, Vfs*>)NativeLibrary.GetExport(library, "sqlite3_vfs_find");
        var register = (delegate* unmanaged[Cdecl]<Vfs*, int, int>)NativeLibrary.GetExport(library, "sqlite3_vfs_register");
        _real = find(null);
        _methods = (Methods*)NativeMemory.AllocZeroed((nuint)sizeof(Methods));
        *_methods = new Methods
        {
            Version = MethodsVersion,
            Close = &Close,
            Read = &Read,
            Write = &Write,
            Truncate = &Truncate,
            Sync = &Sync,
            FileSize = &FileSize,
            Lock = &Lock,
            Unlock = &Unlock,
            CheckReservedLock = &CheckReservedLock,
            FileControl = &FileControl,
            SectorSize = &SectorSize,
            DeviceCharacteristics = &DeviceCharacteristics,
            ShmMap = &ShmMap,
            ShmLock = &ShmLock,
            ShmBarrier = &ShmBarrier,
            ShmUnmap = &ShmUnmap,
        };
        var mine = (Vfs*)NativeMemory.AllocZeroed((nuint)sizeof(Vfs));
        NativeMemory.Copy(_real, mine, (nuint)sizeof(Vfs));
        mine->Next = null;
        mine->Name = (byte*)Marshal.StringToCoTaskMemUTF8("recording");
        mine->FileLength = _real->FileLength + HeaderLength;
        mine->Open = &Open;
        mine->Delete = &Delete;
        return register(mine, 1) == 0;
    }

    private static DiskLog? LogOf(byte* name, out string file)
    {
        file = Marshal.PtrToStringUTF8((nint)name) ?? "";
        foreach (var (root, log) in Watched)
        {
            if (!file.StartsWith(root, StringComparison.Ordinal))
                continue;
            file = log.NameOf(file);
            return log;
        }

        return null;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Open(Vfs* vfs, byte* name, OpenFile* file, int flags, int* outFlags)
    {
        // Whoever is not watched gets the usual file, in a place that is a little too large for it.
        if (LogOf(name, out var path) is not { } log)
            return _real->Open(_real, name, file, flags, outFlags);
        file->Methods = null;
        var result = _real->Open(_real, name, Real(file), flags, outFlags);
        if (Real(file)->Methods == null)
            return result;
        file->Watched = GCHandle.ToIntPtr(GCHandle.Alloc(new WatchedFile(log, path)));
        file->Methods = _methods;
        return result;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Delete(Vfs* vfs, byte* name, int flushesFolder)
    {
        var result = _real->Delete(_real, name, flushesFolder);
        if (result == 0 && LogOf(name, out var path) is { } log)
            log.Add(new Removed(path));
        return result;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Close(OpenFile* file)
    {
        var result = Real(file)->Methods->Close(Real(file));
        GCHandle.FromIntPtr(file->Watched).Free();
        return result;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(OpenFile* file, byte* bytes, int length, long offset)
    {
        var result = Real(file)->Methods->Write(Real(file), bytes, length, offset);
        var (log, name) = Of(file);
        if (result == 0)
            log.Add(new Written(name, offset, new ReadOnlySpan<byte>(bytes, length).ToArray()));
        return result;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Truncate(OpenFile* file, long size)
    {
        var result = Real(file)->Methods->Truncate(Real(file), size);
        var (log, name) = Of(file);
        if (result == 0)
            log.Add(new Resized(name, size));
        return result;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Sync(OpenFile* file, int flags)
    {
        var (log, name) = Of(file);
        var began = log.Now;
        var result = Real(file)->Methods->Sync(Real(file), flags);
        if (result == 0)
            log.Add(new Flushed(name, began));
        return result;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(OpenFile* file, byte* into, int length, long offset) => Real(file)->Methods->Read(Real(file), into, length, offset);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int FileSize(OpenFile* file, long* size) => Real(file)->Methods->FileSize(Real(file), size);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Lock(OpenFile* file, int level) => Real(file)->Methods->Lock(Real(file), level);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Unlock(OpenFile* file, int level) => Real(file)->Methods->Unlock(Real(file), level);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int CheckReservedLock(OpenFile* file, int* isHeld) => Real(file)->Methods->CheckReservedLock(Real(file), isHeld);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int FileControl(OpenFile* file, int operation, void* argument) => Real(file)->Methods->FileControl(Real(file), operation, argument);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int SectorSize(OpenFile* file) => Real(file)->Methods->SectorSize(Real(file));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int DeviceCharacteristics(OpenFile* file) => Real(file)->Methods->DeviceCharacteristics(Real(file));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int ShmMap(OpenFile* file, int page, int size, int extends, void** into) => Real(file)->Methods->ShmMap(Real(file), page, size, extends, into);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int ShmLock(OpenFile* file, int offset, int count, int flags) => Real(file)->Methods->ShmLock(Real(file), offset, count, flags);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void ShmBarrier(OpenFile* file) => Real(file)->Methods->ShmBarrier(Real(file));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int ShmUnmap(OpenFile* file, int deletes) => Real(file)->Methods->ShmUnmap(Real(file), deletes);

    private static OpenFile* Real(OpenFile* file) => (OpenFile*)((byte*)file + HeaderLength);

    private static WatchedFile Of(OpenFile* file) => (WatchedFile)GCHandle.FromIntPtr(file->Watched).Target!;

    private sealed record WatchedFile(DiskLog Log, string Name);

    /// <summary>sqlite3_file: SQLite knows the first field only; ours is followed by the real one.</summary>
    private struct OpenFile
    {
        public Methods* Methods;
        public nint Watched;
    }

    /// <summary>sqlite3_io_methods up to its second version.</summary>
    private struct Methods
    {
        public int Version;
        public delegate* unmanaged[Cdecl]<OpenFile*, int> Close;
        public delegate* unmanaged[Cdecl]<OpenFile*, byte*, int, long, int> Read;
        public delegate* unmanaged[Cdecl]<OpenFile*, byte*, int, long, int> Write;
        public delegate* unmanaged[Cdecl]<OpenFile*, long, int> Truncate;
        public delegate* unmanaged[Cdecl]<OpenFile*, int, int> Sync;
        public delegate* unmanaged[Cdecl]<OpenFile*, long*, int> FileSize;
        public delegate* unmanaged[Cdecl]<OpenFile*, int, int> Lock;
        public delegate* unmanaged[Cdecl]<OpenFile*, int, int> Unlock;
        public delegate* unmanaged[Cdecl]<OpenFile*, int*, int> CheckReservedLock;
        public delegate* unmanaged[Cdecl]<OpenFile*, int, void*, int> FileControl;
        public delegate* unmanaged[Cdecl]<OpenFile*, int> SectorSize;
        public delegate* unmanaged[Cdecl]<OpenFile*, int> DeviceCharacteristics;
        public delegate* unmanaged[Cdecl]<OpenFile*, int, int, int, void**, int> ShmMap;
        public delegate* unmanaged[Cdecl]<OpenFile*, int, int, int, int> ShmLock;
        public delegate* unmanaged[Cdecl]<OpenFile*, void> ShmBarrier;
        public delegate* unmanaged[Cdecl]<OpenFile*, int, int> ShmUnmap;
    }

    /// <summary>sqlite3_vfs on a machine of 64 bits: what is not named here is copied as it is.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 168)]
    private struct Vfs
    {
        [FieldOffset(4)]
        public int FileLength;

        [FieldOffset(16)]
        public Vfs* Next;

        [FieldOffset(24)]
        public byte* Name;

        [FieldOffset(40)]
        public delegate* unmanaged[Cdecl]<Vfs*, byte*, OpenFile*, int, int*, int> Open;

        [FieldOffset(48)]
        public delegate* unmanaged[Cdecl]<Vfs*, byte*, int, int> Delete;
    }
}
