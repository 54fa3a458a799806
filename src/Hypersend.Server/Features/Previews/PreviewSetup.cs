using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Features.Previews;

/// <summary>Registers the feature.</summary>
internal static class PreviewSetup
{
    public static void AddPreviews(this IServiceCollection services, SettingsReader settings, ServerOptions server)
    {
        services.AddSingleton(PreviewOptions.From(settings, server));
        services.AddSingleton<SlowHosts>();
        services.AddSingleton<FetchPage>();
        services.AddSingleton<PreviewQueue>();
        services.AddHostedService<PreviewWatch>();
    }
}
