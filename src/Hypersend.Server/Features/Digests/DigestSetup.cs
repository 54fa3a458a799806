namespace Hypersend.Server.Features.Digests;

/// <summary>Registers the feature.</summary>
internal static class DigestSetup
{
    public static void AddDigests(this IServiceCollection services)
    {
        services.AddSingleton<DigestTokens>();
        services.AddSingleton<EndDigests>();
        services.AddSingleton<DigestMails>();
        services.AddHostedService(provider => provider.GetRequiredService<DigestMails>());
    }
}
