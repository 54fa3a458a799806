using Hypersend.Server.Platform.Auth;

namespace Hypersend.Server.Features.Presence;

/// <summary>Registers the feature. It has no routes: people say how they are, and watch each other, over the socket.</summary>
internal static class PresenceSetup
{
    public static void AddPresence(this IServiceCollection services)
    {
        services.AddSingleton<PresenceTable>();
        services.AddSingleton<IDiscretion>(provider => provider.GetRequiredService<PresenceTable>());
    }
}
