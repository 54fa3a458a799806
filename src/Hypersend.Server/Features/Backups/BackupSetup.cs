using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Features.Backups;

/// <summary>Registers the feature: only verbs use it.</summary>
internal static class BackupSetup
{
    public static void AddBackups(this IServiceCollection services, SettingsReader settings, ServerOptions server)
    {
        services.AddSingleton(new ServerKeys(settings, server));
        services.AddSingleton<MakeBackup>();
        services.AddSingleton<RestoreBackup>();
    }
}
