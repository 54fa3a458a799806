using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Hypersend.FaultTests.Processes;

/// <summary>
/// Ports for what is killed and started again on the same one: below those that the system lends to outgoing connections, or one of
/// the many clients could sit on it meanwhile.
/// </summary>
internal static class Ports
{
    private const int First = 20_000;
    private const int Last = 32_000;

    private static readonly HashSet<int> Given = [];

    public static int Next()
    {
        lock (Given)
        {
            while (true)
            {
                var port = RandomNumberGenerator.GetInt32(First, Last);
                if (!Given.Contains(port) && IsFree(port))
                {
                    Given.Add(port);
                    return port;
                }
            }
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
