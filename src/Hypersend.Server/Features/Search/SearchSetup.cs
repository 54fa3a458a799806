using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Features.Search;

/// <summary>Registers the feature.</summary>
internal static class SearchSetup
{
    public static void AddSearch(this IServiceCollection services, SettingsReader settings)
    {
        var options = SearchOptions.From(settings);
        services.AddSingleton(options);
        services.AddSingleton<IndexReader>();
        services.AddSingleton<IndexMessages>();
        if (options.KeepsIndex)
            services.AddHostedService(provider => provider.GetRequiredService<IndexMessages>());
        services.AddSingleton<ResolveNames>();
        services.AddSingleton<SearchTurns>();
        services.AddSingleton<FindMessages>();
        services.AddSingleton<FindAnything>();
    }
}
