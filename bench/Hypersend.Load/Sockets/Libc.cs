using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hypersend.Load.Sockets;

/// <summary>The few calls of the system that the load client is made of: Linux, IPv4, loopback.</summary>
internal static unsafe partial class Libc
{
    public const int Again = 11;
    public const int EpollIn = 0x1;
    public const int EpollOut = 0x4;

    /// <summary>Told once when something comes, not again for as long as it is there.</summary>
    public const int EpollEdge = unchecked((int)0x80000000);

    private const int Add = 1;
    private const int InetFamily = 2;
    private const int Stream = 1;
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int GetFlags = 3;
    private const int SetFlags = 4;
    private const int IpLevel = 0;
    private const int TcpLevel = 6;
    private const int NoDelay = 1;
    private const int BindAddressNoPort = 24;
    private const int NoSignal = 0x4000;

    /// <summary>The structure is packed on x64 and nowhere else.</summary>
    public static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    private static readonly int EventTag = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    public static int TagOf(byte* events, int index) => Unsafe.ReadUnaligned<int>(events + (index * EventSize) + EventTag);

    public static int FlagsOf(byte* events, int index) => Unsafe.ReadUnaligned<int>(events + (index * EventSize));

    public static int MakeEpoll() => Checked(EpollCreate(CloseOnExec), "epoll_create1");

    public static void Watch(int epoll, int socket, int flags, int tag)
    {
        var change = stackalloc byte[16];
        new Span<byte>(change, 16).Clear();
        Unsafe.WriteUnaligned(change, flags);
        Unsafe.WriteUnaligned(change + EventTag, tag);
        Checked(EpollControl(epoll, Add, socket, change), "epoll_ctl");
    }

    /// <summary>A connected, non-blocking socket; <paramref name="source"/> is the last byte of 127.0.0.x to come from.</summary>
    public static int Connect(byte source, int port)
    {
        var socket = Checked(Socket(InetFamily, Stream | CloseOnExec, 0), "socket");
        var on = 1;

        // The port is chosen at connect, by the pair of addresses: 28,000 of them for every address one comes from.
        Checked(SetOption(socket, IpLevel, BindAddressNoPort, &on, sizeof(int)), "setsockopt");
        Checked(SetOption(socket, TcpLevel, NoDelay, &on, sizeof(int)), "setsockopt");
        var from = new Address(source, 0);
        Checked(Bind(socket, &from, sizeof(Address)), "bind");
        var to = new Address(1, port);
        Checked(Connect(socket, &to, sizeof(Address)), "connect");
        Checked(Control(socket, SetFlags, Control(socket, GetFlags, 0) | NonBlocking), "fcntl");
        return socket;
    }

    /// <summary>Bytes received; 0 at the end of the stream, -1 when there is nothing now.</summary>
    public static int Receive(int socket, byte* buffer, int length)
    {
        var received = (int)Receive(socket, buffer, (nuint)length, 0);
        return received >= 0 || Marshal.GetLastPInvokeError() == Again ? received : 0;
    }

    /// <summary>Bytes taken by the system, 0 when its buffer is full; -1 when the other side has gone.</summary>
    public static int Send(int socket, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            var sent = (int)Send(socket, start, (nuint)bytes.Length, NoSignal);
            return sent >= 0 ? sent : Marshal.GetLastPInvokeError() == Again ? 0 : -1;
        }
    }

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int Wait(int epoll, byte* events, int limit, int milliseconds);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int file);

    private static int Checked(int result, string call) => result >= 0
        ? result
        : throw new IOException($"{call}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int EpollControl(int epoll, int operation, int socket, byte* change);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetOption(int socket, int level, int name, int* value, int length);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int Bind(int socket, Address* address, int length);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    private static partial int Connect(int socket, Address* address, int length);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int socket, int command, int value);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Receive(int socket, byte* buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(int socket, byte* buffer, nuint length, int flags);

    /// <summary>sockaddr_in of 127.0.0.x.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 16)]
    private readonly struct Address(byte last, int port)
    {
        private readonly ushort _family = InetFamily;
        private readonly byte _portHigh = (byte)(port >> 8);
        private readonly byte _portLow = (byte)port;
        private readonly uint _address = BitConverter.IsLittleEndian ? 0x7Fu | ((uint)last << 24) : 0x7F000000u | last;
    }
}
