using System.Security.Cryptography;
using System.Text;

namespace Hypersend.Server.Platform.Secrets;

/// <summary>Single-use secrets that travel by mail or by hand are kept as their hash only.</summary>
internal static class OneTimeSecret
{
    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
