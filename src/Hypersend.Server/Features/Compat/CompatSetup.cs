namespace Hypersend.Server.Features.Compat;

/// <summary>Registers the feature.</summary>
internal static class CompatSetup
{
    public static void AddCompat(this IServiceCollection services)
    {
        services.AddSingleton<FormUpload>();
        services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Add(CompatJson.Default));
    }
}
