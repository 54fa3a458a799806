using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Features.Accounts;

/// <summary>How accounts are kept.</summary>
internal sealed record AccountOptions
{
    public required int RefreshTokenDays { get; init; }

    /// <summary>bcrypt's cost; each step doubles the work.</summary>
    public required int PasswordCost { get; init; }

    public required int ResetMinutes { get; init; }

    /// <summary>A registration waits for the link of a mail; only then the account is made.</summary>
    public required bool ConfirmMail { get; init; }

    public required int ConfirmHours { get; init; }

    public static AccountOptions From(SettingsReader settings) => new()
    {
        RefreshTokenDays = settings.Whole("REFRESH_TOKEN_DAYS", 30, 1, 365, "days"),
        PasswordCost = settings.Whole("PASSWORD_COST", 12, 4, 16, "bcrypt cost"),
        ResetMinutes = 60,
        ConfirmMail = settings.Switch("CONFIRM_MAIL", false),
        ConfirmHours = 24,
    };
}
