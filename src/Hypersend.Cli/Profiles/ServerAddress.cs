using System.Net;
using Hypersend.Cli.Start;

namespace Hypersend.Cli.Profiles;

/// <summary>Addresses of servers as people write them.</summary>
internal static class ServerAddress
{
    /// <summary>Without a scheme it is https, on this machine http.</summary>
    public static Uri Read(string text)
    {
        var trimmed = text.Trim().TrimEnd('/');
        var written = trimmed.Contains("://", StringComparison.Ordinal) ? trimmed : "https://" + trimmed;
        if (!Uri.TryCreate(written, UriKind.Absolute, out var address)
            || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp)
            || address.Host.Length == 0 || address.PathAndQuery != "/" || address.Fragment.Length > 0 || address.UserInfo.Length > 0)
        {
            throw new StopException(ExitCodes.WrongUsage, $"\"{text}\" is no address of a server: write it as chat.example.org or https://chat.example.org:8443.");
        }

        return written == trimmed || !IsHere(address) ? address : new UriBuilder(address) { Scheme = Uri.UriSchemeHttp, Port = PortOf(address) }.Uri;
    }

    /// <summary>The name a profile of this server gets when nobody names it.</summary>
    public static string ProfileName(Uri address)
    {
        var host = new string([.. address.IdnHost.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' ? letter : '-')]).Trim('-', '.');
        return address.IsDefaultPort ? host : $"{host}-{address.Port}";
    }

    /// <summary>Whether it is this machine, where nobody listens on the line.</summary>
    public static bool IsHere(Uri address) =>
        address.IdnHost == "localhost" || (IPAddress.TryParse(address.IdnHost.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));

    private static int PortOf(Uri address) => address.IsDefaultPort ? 80 : address.Port;
}
