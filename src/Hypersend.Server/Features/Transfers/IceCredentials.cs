using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Transfers;

namespace Hypersend.Server.Features.Transfers;

/// <summary>Credentials for TURN that end by themselves, as coturn's REST interface understands them: nothing has to be told to it.</summary>
internal sealed class IceCredentials(TransferOptions options, TimeProvider clock)
{
    private static readonly TimeSpan GoodFor = TimeSpan.FromHours(12);

    public IceServers For(UserId user)
    {
        var servers = new List<IceServer>();
        if (options.StunUrls.Count > 0)
            servers.Add(new IceServer { Urls = options.StunUrls });
        if (options.TurnUrls.Count > 0 && options.TurnSecret is { } secret)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{(clock.GetUtcNow() + GoodFor).ToUnixTimeSeconds()}:{user}");
            servers.Add(new IceServer { Urls = options.TurnUrls, Username = name, Credential = Sign(secret, name) });
        }

        return new IceServers { Servers = servers, ExpiresIn = (int)GoodFor.TotalSeconds };
    }

#pragma warning disable CA5350 // TURN servers know this credential with SHA-1 alone.
    private static string Sign(string secret, string name) =>
        Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(name)));
#pragma warning restore CA5350
}
