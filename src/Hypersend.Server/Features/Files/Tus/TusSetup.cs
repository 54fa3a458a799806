namespace Hypersend.Server.Features.Files.Tus;

/// <summary>Registers the door.</summary>
internal static class TusSetup
{
    public static void AddTus(this IServiceCollection services)
    {
        services.AddSingleton<TusAccess>();
        services.AddSingleton<TusTransfer>();
        services.AddSingleton<AppendBytes>();
        services.AddSingleton<FinishStream>();
        services.AddSingleton<JoinParts>();
        services.AddSingleton<DigestJoined>();
        services.AddHostedService(provider => provider.GetRequiredService<DigestJoined>());
    }
}
