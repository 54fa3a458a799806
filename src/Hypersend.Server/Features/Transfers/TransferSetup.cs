using Hypersend.Server.Platform.Health;
using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Features.Transfers;

/// <summary>Registers the feature.</summary>
internal static class TransferSetup
{
    public static void AddTransfers(this IServiceCollection services, SettingsReader settings)
    {
        services.AddSingleton(TransferOptions.From(settings));
        services.AddSingleton<TransferNews>();
        services.AddSingleton<OfferTransfer>();
        services.AddSingleton<AnswerTransfer>();
        services.AddSingleton<StoreTransfer>();
        services.AddSingleton<StoredCopy>();
        services.AddSingleton<ReportTransfer>();
        services.AddSingleton<IceCredentials>();
        services.AddSingleton<SignalPeer>();
        services.AddSingleton<Relays>();
        services.AddSingleton<IDrained>(provider => provider.GetRequiredService<Relays>());
        services.AddSingleton<RelayOwners>();
        services.AddSingleton<NodePasses>();
        services.AddSingleton<RelayPassage>();
        services.AddSingleton<IDrained>(provider => provider.GetRequiredService<RelayPassage>());
        services.AddSingleton<RelaySignIn>();
        services.AddSingleton<RelayDoor>();
        services.AddHostedService<ExpireTransfers>();
    }
}
