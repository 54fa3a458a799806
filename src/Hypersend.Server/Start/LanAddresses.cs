using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Hypersend.Server.Start;

/// <summary>The addresses by which other machines of the network reach this one.</summary>
internal static class LanAddresses
{
    public static IReadOnlyList<IPAddress> Find()
    {
        try
        {
            return
            [
                .. NetworkInterface.GetAllNetworkInterfaces()
                    .Where(card => card.OperationalStatus == OperationalStatus.Up && card.NetworkInterfaceType != NetworkInterfaceType.Loopback)
                    .SelectMany(card => card.GetIPProperties().UnicastAddresses)
                    .Select(unicast => unicast.Address)
                    .Where(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address)),
            ];
        }
        catch (NetworkInformationException)
        {
            // Some sandboxes hide the cards; then there is nothing to tell.
            return [];
        }
    }
}
