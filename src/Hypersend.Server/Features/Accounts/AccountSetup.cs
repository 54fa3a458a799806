using Hypersend.Server.Platform.Auth.Passwords;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Features.Accounts;

/// <summary>Registers the feature.</summary>
internal static class AccountSetup
{
    public static void AddAccounts(this IServiceCollection services, SettingsReader settings)
    {
        var options = AccountOptions.From(settings);
        services.AddSingleton(options);
        services.AddSingleton(provider => new PasswordHasher(
            provider.GetRequiredService<PepperRing>(), options.PasswordCost, Math.Max(1, Environment.ProcessorCount - 1)));
        services.AddSingleton(provider => new SealedText(provider.GetRequiredService<KeyRing>(), "totp"));
        services.AddSingleton<RefreshTokens>();
        services.AddSingleton<SessionTokens>();
        services.AddSingleton<SessionCookies>();
        services.AddSingleton<SocketTickets>();
        services.AddSingleton<SetupCode>();
        services.AddSingleton<SecondStep>();
        services.AddSingleton<PasswordProof>();
        services.AddSingleton<MakeAccount>();
        services.AddSingleton<RegisterAccount>();
        services.AddSingleton<ConfirmAccount>();
        services.AddSingleton<LogIn>();
        services.AddSingleton<LogOutCaller>();
        services.AddSingleton<RefreshSession>();
        services.AddSingleton<EndSessions>();
        services.AddSingleton<ChangePassword>();
        services.AddSingleton<AddAccount>();
        services.AddSingleton<ReplacePassword>();
        services.AddSingleton<ResetPassword>();
        services.AddSingleton<SetUpTotp>();
        services.AddSingleton<ConfirmationMails>();
        services.AddHostedService(provider => provider.GetRequiredService<ConfirmationMails>());
        services.AddSingleton<ResetMails>();
        services.AddHostedService(provider => provider.GetRequiredService<ResetMails>());
        services.AddHostedService<AccountSweep>();
    }
}
