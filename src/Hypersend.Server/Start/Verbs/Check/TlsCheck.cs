using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Hypersend.Server.Start.Verbs.Check;

/// <summary>The certificate at PUBLIC_URL is good, also in a month, and HTTP/2 is spoken there.</summary>
internal sealed class TlsCheck : ICheck
{
    private const int DaysAhead = 14;

    public string Name => "tls";

    public string Fix => "Look whether the proxy listens there with TLS, and which certificate it has.";

    public async IAsyncEnumerable<Finding> LookAsync(Site site, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var url = site.Server.PublicUrl;
        if (url.Scheme != Uri.UriSchemeHttps)
        {
            yield return url.IsLoopback
                ? Finding.Ok("tls", $"{url} is for this machine alone")
                : Finding.Warning("tls", $"{url} is not https", "Anybody on the way reads everything, and browsers give the page no cryptography and no push. Put a proxy with a certificate in front, and https into PUBLIC_URL.");
            yield break;
        }

        using var connection = new TcpClient();
        try
        {
            await connection.ConnectAsync(url.IdnHost, url.Port, cancellation);
        }
        catch (SocketException)
        {
            // ProxyCheck says that nothing answers there.
            yield break;
        }

        Finding? certificate = null;
        await using var tls = await PublicLine.SecureAsync(
            connection.GetStream(),
            url,
            SslApplicationProtocol.Http2,
            (seen, errors) => certificate = Judge(url.IdnHost, errors, seen is null ? default : seen.NotAfter.ToUniversalTime() - site.Clock.GetUtcNow()),
            cancellation);
        yield return certificate!;
        yield return tls.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2
            ? Finding.Ok("tls.http2", "HTTP/2 is spoken")
            : Finding.Warning("tls.http2", "only HTTP/1.1 is spoken", "Pages load faster and one connection carries everything with HTTP/2. nginx: http2 on;");
    }

    public static Finding Judge(string host, SslPolicyErrors errors, TimeSpan left)
    {
        var ends = left < TimeSpan.Zero ? "has ended" : string.Create(CultureInfo.InvariantCulture, $"is good for {left.TotalDays:0} more days");
        var seen = $"the certificate of {host} {ends}";
        if (left < TimeSpan.Zero)
            return Finding.Wrong("tls.certificate", seen, "Renew it (certbot renew) and reload the proxy.");
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return Finding.Wrong("tls.certificate", $"the certificate is not for {host}", "Get one for the host of PUBLIC_URL, or correct PUBLIC_URL.");
        if (errors != SslPolicyErrors.None)
            return Finding.Wrong("tls.certificate", $"nobody this machine trusts has signed the certificate of {host}", "Give the proxy the full chain (fullchain.pem), or a certificate of a known authority such as Let's Encrypt.");
        return left < TimeSpan.FromDays(DaysAhead)
            ? Finding.Warning("tls.certificate", seen, "Look why it was not renewed yet: certbot renew --dry-run.")
            : Finding.Ok("tls.certificate", seen);
    }
}
