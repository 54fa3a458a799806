using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Hypersend.Server.Start;

/// <summary>
/// A certificate of our own for the people on the LAN: browsers give a page on another machine no crypto and no service
/// worker over plain http. Kept in DATA_ROOT, so that it has to be accepted once, and made anew when it ends or the
/// machine's addresses have changed.
/// </summary>
internal static class SelfSignedCertificate
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(397);

    public static X509Certificate2 LoadOrMake(string dataRoot, IReadOnlyList<IPAddress> addresses, TimeProvider clock)
    {
        var path = Path.Combine(dataRoot, "https-self.pfx");
        if (File.Exists(path))
        {
            var kept = X509CertificateLoader.LoadPkcs12FromFile(path, null);
            if (kept.NotAfter > clock.GetUtcNow().AddDays(14).LocalDateTime && Covers(kept, addresses))
                return kept;
            kept.Dispose();
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Hypersend on this network", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        if (Uri.CheckHostName(Environment.MachineName) == UriHostNameType.Dns)
            names.AddDnsName(Environment.MachineName);
        foreach (var address in addresses.Append(IPAddress.Loopback).Append(IPAddress.IPv6Loopback))
            names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        var now = clock.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now + Lifetime);
        var bytes = made.Export(X509ContentType.Pkcs12);
        Write(path, bytes);
        return X509CertificateLoader.LoadPkcs12(bytes, null);
    }

    private static bool Covers(X509Certificate2 certificate, IReadOnlyList<IPAddress> addresses)
    {
        var covered = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(names => names.EnumerateIPAddresses()).ToHashSet();
        return addresses.All(covered.Contains);
    }

    private static void Write(string path, byte[] bytes)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(path + ".part", options))
            file.Write(bytes);
        File.Move(path + ".part", path, overwrite: true);
    }
}
