using System.Text.Json.Serialization;
using Hypersend.Contracts.Admin;
using Hypersend.Contracts.Validation;

namespace Hypersend.Contracts.Server;

/// <summary>What anybody may know of a server before signing in.</summary>
public sealed record ServerCard
{
    public required string Name { get; init; }

    public required string BrandColor { get; init; }

    public required string Version { get; init; }

    [OneOf(RegistrationModes.Open, RegistrationModes.Invite, RegistrationModes.Closed)]
    public required string Registration { get; init; }

    /// <summary>No admin yet: the next account may become one, with the set-up code.</summary>
    public required bool NeedsSetup { get; init; }

    /// <summary>Without the set-up code the next account from where this is asked will be an ordinary one.</summary>
    public required bool NeedsSetupCode { get; init; }

    /// <summary>A registration is answered with 202 and goes on with the link of a mail.</summary>
    public required bool ConfirmsMail { get; init; }

    /// <summary>Whoever asks for it in their settings gets a mail that counts what waits.</summary>
    public required bool SendsDigests { get; init; }
}

public static class HealthWords
{
    public const string Healthy = "healthy";
    public const string Degraded = "degraded";
    public const string Unavailable = "unavailable";
}

public sealed record Health
{
    public required string Status { get; init; }

    public required string Version { get; init; }

    /// <summary>Only to loopback, private networks and holders of the metrics token.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Services { get; init; }
}
