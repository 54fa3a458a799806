namespace Hypersend.Server.Features.Imports;

/// <summary>Registers the feature: only a verb uses it.</summary>
internal static class ImportSetup
{
    public static void AddImports(this IServiceCollection services) => services.AddSingleton<ImportFiles>().AddSingleton<PlanImport>().AddSingleton<ImportPerson>();
}
