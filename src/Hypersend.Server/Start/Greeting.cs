using Hypersend.Server.Features.Accounts;
using Hypersend.Server.Features.Admin;
using Hypersend.Server.Platform;
using Hypersend.Server.Platform.Settings;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Hypersend.Server.Start;

/// <summary>Says where to go, once the server listens.</summary>
internal sealed partial class Greeting(
    IServer server, ServerOptions options, Listening listening, EngineNames engines, LiveSettings settings, SetupCode setupCode, ILogger<Greeting> log)
{
    public void Say()
    {
        var bound = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var home = bound.FirstOrDefault(address => address.StartsWith("http:", StringComparison.Ordinal)) ?? bound.FirstOrDefault() ?? listening.FirstUrl;
        var port = BindingAddress.Parse(home).Port;
        Engines(log, ServerVersion.Text, engines.Database, engines.Storage, engines.Bus, engines.Mail, options.DataRoot);
        Ready(log, $"http://localhost:{port}");
        foreach (var address in LanAddresses.Find())
        {
            if (options.HttpsSelf)
                Lan(log, $"https://{address}:{listening.HttpsPort}");
            else if (bound.Any(IsOpenToAll))
                Lan(log, $"http://{address}:{port}");
            else
                LanClosed(log, $"https://{address}:{listening.HttpsPort}");
        }

        if (!settings.HasAdmin)
            NoAdmin(log, setupCode.Text);
    }

    private static bool IsOpenToAll(string address) => BindingAddress.Parse(address).Host is "0.0.0.0" or "[::]" or "*" or "+";

    [LoggerMessage(50, LogLevel.Information, "Hypersend {Version}: database {Database}, storage {Storage}, bus {Bus}, mail {Mail}, data in {DataRoot}")]
    private static partial void Engines(ILogger log, string version, string database, string storage, string bus, string mail, string dataRoot);

    [LoggerMessage(51, LogLevel.Information, "Open {Url} in a browser")]
    private static partial void Ready(ILogger log, string url);

    [LoggerMessage(52, LogLevel.Information, "Others on your network: {Url}")]
    private static partial void Lan(ILogger log, string url);

    [LoggerMessage(53, LogLevel.Information, "Others on your network: start with HTTPS=self, then they open {Url}")]
    private static partial void LanClosed(ILogger log, string url);

    [LoggerMessage(54, LogLevel.Warning, "This server has no admin yet. The first account made on this machine becomes one; from elsewhere it needs the set-up code {SetupCode}")]
    private static partial void NoAdmin(ILogger log, string setupCode);
}
