using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Features.Admin;

/// <summary>Registers the feature.</summary>
internal static class AdminSetup
{
    public static void AddAdmin(this IServiceCollection services, SettingsReader settings)
    {
        services.AddSingleton(AdminOptions.From(settings));
        services.AddSingleton<LiveSettings>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveSettings>());
        services.AddSingleton<EditAccount>();
        services.AddSingleton<CheckPass>();
        services.AddSingleton<InviteToRegister>();
    }
}
