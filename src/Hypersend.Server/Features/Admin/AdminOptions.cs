using Hypersend.Contracts.Admin;
using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Features.Admin;

/// <summary>The defaults that an admin may change while the server runs.</summary>
internal sealed record AdminOptions
{
    public required string Registration { get; init; }

    /// <summary>0 for no limit.</summary>
    public required long DefaultQuotaBytes { get; init; }

    public static AdminOptions From(SettingsReader settings) => new()
    {
        Registration = settings.Choice("REGISTRATION", RegistrationModes.Open, RegistrationModes.Open, RegistrationModes.Invite, RegistrationModes.Closed),
        DefaultQuotaBytes = settings.Long("DEFAULT_QUOTA", 0, 0, long.MaxValue, "bytes"),
    };
}
