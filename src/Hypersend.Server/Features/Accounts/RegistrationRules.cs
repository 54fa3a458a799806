using Hypersend.Contracts.Admin;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Users;

namespace Hypersend.Server.Features.Accounts;

/// <summary>What a registration brings to the door.</summary>
internal sealed record RegistrationGate
{
    /// <summary>open, invite or closed.</summary>
    public required string Mode { get; init; }

    public required bool FromThisMachine { get; init; }

    public required bool BringsSetupCode { get; init; }

    public required byte[]? InviteHash { get; init; }

    /// <summary>The role that whoever runs the server gives; nothing else is asked then.</summary>
    public string? GivenRole { get; init; }

    public static RegistrationGate OpenedFor(string role) => new()
    {
        Mode = RegistrationModes.Closed,
        FromThisMachine = false,
        BringsSetupCode = false,
        InviteHash = null,
        GivenRole = role,
    };
}

/// <summary>What the store made of a registration: the role, or the code of the refusal.</summary>
internal sealed record Registration(string? Role, string? Refusal)
{
    public static Registration Made(string role) => new(role, null);

    public static Registration Refused(string code) => new(null, code);
}

/// <summary>Who may register, and who becomes the first admin. The set-up code was found right before this is asked.</summary>
internal static class RegistrationRules
{
    /// <summary>Whether nothing but the set-up code makes the next account an admin.</summary>
    public static bool NeedsSetupCode(bool fromThisMachine, bool anyAccount, bool anyAdmin) => !anyAdmin && (anyAccount || !fromThisMachine);

    /// <summary>The role of the new account, or the refusal; <c>NeedsInvite</c>: the store uses the invite up as well.</summary>
    public static (Registration Verdict, bool NeedsInvite) Decide(RegistrationGate gate, bool anyAccount, bool anyAdmin)
    {
        if (gate.GivenRole is { } role)
            return (Registration.Made(role), false);
        if (!anyAdmin && gate.BringsSetupCode)
            return (Registration.Made(Roles.Admin), false);
        if (!anyAccount && gate.FromThisMachine)
            return (Registration.Made(Roles.Admin), false);
        return gate.Mode switch
        {
            RegistrationModes.Open => (Registration.Made(Roles.User), false),
            RegistrationModes.Invite when gate.InviteHash is null => (Registration.Refused(ErrorCodes.InviteRequired), false),
            RegistrationModes.Invite => (Registration.Made(Roles.User), true),
            _ => (Registration.Refused(ErrorCodes.RegistrationClosed), false),
        };
    }
}
