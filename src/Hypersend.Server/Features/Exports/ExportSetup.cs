namespace Hypersend.Server.Features.Exports;

/// <summary>Registers the feature: only verbs use it.</summary>
internal static class ExportSetup
{
    public static void AddExports(this IServiceCollection services) => services.AddSingleton<ExportPerson>();
}
