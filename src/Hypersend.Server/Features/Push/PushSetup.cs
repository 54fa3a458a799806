using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Features.Push;

/// <summary>Registers the feature.</summary>
internal static class PushSetup
{
    public static void AddPush(this IServiceCollection services, SettingsReader settings, ServerOptions server)
    {
        var options = PushOptions.From(settings, server);
        services.AddSingleton(options);

        // Nodes that share a database share its subscriptions, and so need the key that these are bound to.
        services.AddSingleton(provider => options.PrivateKey is null && options.SharesDatabase
            ? VapidKey.Derived(provider.GetRequiredService<KeyRing>())
            : VapidKey.Load(options.PrivateKey, server.DataRoot));
        services.AddSingleton<VapidTokens>();
        services.AddSingleton(provider => new PushQueue(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<PushLanes>();
        services.AddSingleton<PushJobs>();
        services.AddSingleton<RenewPush>();
        services.AddSingleton<TellDevices>();
        services.AddSingleton<DevicesElsewhere>();
        services.AddSingleton<SubscribeDevice>();
        services.AddSingleton<PushWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<PushWatch>());
        services.AddHostedService<PushSender>();
    }
}
