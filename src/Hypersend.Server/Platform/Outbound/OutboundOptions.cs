using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Platform.Outbound;

/// <summary>How far requests may go whose address somebody else chose.</summary>
internal sealed record OutboundOptions
{
    /// <summary>Also http, and addresses of the own network: for tests, and for a site whose push service stands beside it.</summary>
    public bool AllowPrivate { get; init; }

    public static OutboundOptions From(SettingsReader settings) => new() { AllowPrivate = settings.Switch("OUTBOUND_ALLOW_PRIVATE", false) };
}
