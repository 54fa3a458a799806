using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Platform.Outbound;

/// <summary>Registers the one client for addresses that somebody else chose.</summary>
internal static class OutboundSetup
{
    public static void AddOutbound(this IServiceCollection services, SettingsReader settings)
    {
        var options = OutboundOptions.From(settings);
        services.AddSingleton(_ => new OutboundClient(options));
    }
}
