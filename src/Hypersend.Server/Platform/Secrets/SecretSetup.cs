using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Platform.Secrets;

/// <summary>The server's keys: from the settings, or made and kept in DATA_ROOT.</summary>
internal static class SecretSetup
{
    public static void AddSecrets(this IServiceCollection services, SettingsReader settings, ServerOptions server)
    {
        var current = settings.Text("SECRET_KEY");
        var previous = settings.Text("SECRET_KEY_PREVIOUS");
        var pepper = settings.Text("PASSWORD_PEPPER");
        var storage = settings.Text("ENCRYPTION_KEY");
        var sealsNew = settings.Switch("ENCRYPT_AT_REST", unset: false);

        // Nodes that share a database must share the pepper too, or each could verify only the passwords it hashed itself;
        // and the keys of what is stored, or each could read only what it sealed itself.
        var sharesDatabase = settings.Text("DATABASE_URL")?.StartsWith("postgres", StringComparison.OrdinalIgnoreCase) == true;
        services.AddSingleton(_ => KeyRing.Load(current, previous, server.DataRoot));
        services.AddSingleton(provider => PepperRing.Load(
            pepper ?? (sharesDatabase ? PepperRing.Derived(provider.GetRequiredService<KeyRing>()) : null), server.DataRoot));
        services.AddSingleton(provider => StorageKeys.Load(
            storage, sharesDatabase ? NamedKeys.Derive(provider.GetRequiredService<KeyRing>(), "encryption-at-rest") : null, server.DataRoot, sealsNew));
    }
}
