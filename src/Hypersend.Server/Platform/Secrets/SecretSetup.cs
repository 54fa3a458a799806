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

        // Claimed first, so that no key is ever written into a folder that another server uses.
        services.AddSingleton(_ => DataRoot.Claim(server.DataRoot));
        services.AddSingleton(provider => KeyRing.Load(current, previous, provider.GetRequiredService<DataRoot>().Path));
        services.AddSingleton(provider => PepperRing.Load(pepper, provider.GetRequiredService<DataRoot>().Path));
    }
}
