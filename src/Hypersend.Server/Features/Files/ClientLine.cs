using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Win32.SafeHandles;

namespace Hypersend.Server.Features.Files;

/// <summary>
/// What the client's system has taken of one connection. It has a handle of its own, as who has the last byte hangs up at
/// once: the web server closes its handle then, and what was acknowledged before could not be asked any more.
/// </summary>
internal sealed partial class ClientLine : IDisposable
{
    private const nuint Outgoing = 0x5411; // SIOCOUTQ
    private const int DuplicateForMyself = 1030; // F_DUPFD_CLOEXEC
    private const int Tcp = 6;
    private const int TcpInfo = 11;
    private const int AcknowledgedAt = 120; // tcpi_bytes_acked

    private readonly SafeFileHandle _handle;
    private readonly long _before;

    private ClientLine(SafeFileHandle handle, long before) => (_handle, _before) = (handle, before);

    /// <summary>How many bytes wait to be sent or to be acknowledged.</summary>
    public int Queued => Ioctl(_handle, Outgoing, out var bytes) == 0 ? bytes : int.MaxValue;

    /// <summary>How many bytes were acknowledged of those that were written since this was made; those of headers among them.</summary>
    public long Taken => Acknowledged(_handle) - _before;

    /// <summary>Null where it cannot be told: other systems, and connections that many requests share.</summary>
    public static ClientLine? Of(HttpContext context)
    {
        if (!OperatingSystem.IsLinux() || !HttpProtocol.IsHttp11(context.Request.Protocol) || context.Features.Get<IConnectionSocketFeature>() is not { Socket: { } socket })
            return null;
        SafeFileHandle handle;
        try
        {
            handle = new SafeFileHandle(Fcntl(socket.SafeHandle, DuplicateForMyself, 0), ownsHandle: true);
        }
        catch (ObjectDisposedException)
        {
            // Gone before it began.
            return null;
        }

        if (handle.IsInvalid || Acknowledged(handle) < 0 || Ioctl(handle, Outgoing, out var waiting) != 0)
        {
            handle.Dispose();
            return null;
        }

        // What is still on its way of the answer before this one is none of it.
        return new ClientLine(handle, Acknowledged(handle) + waiting);
    }

    public void Dispose() => _handle.Dispose();

    private static unsafe long Acknowledged(SafeFileHandle handle)
    {
        const int length = AcknowledgedAt + sizeof(long);
        var info = stackalloc byte[length];
        var filled = length;
        return GetSockOpt(handle, Tcp, TcpInfo, info, ref filled) == 0 && filled == length ? *(long*)(info + AcknowledgedAt) : -1;
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Fcntl(SafeSocketHandle socket, int command, int least);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Ioctl(SafeFileHandle socket, nuint request, out int value);

    [LibraryImport("libc", EntryPoint = "getsockopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int GetSockOpt(SafeFileHandle socket, int level, int option, byte* value, ref int length);
}
