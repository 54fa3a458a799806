using System.CommandLine;
using Hypersend.Cli.Screens;
using Hypersend.Cli.Start;
using Hypersend.Contracts;

namespace Hypersend.Cli.Admin;

/// <summary>Open invitations to make an account.</summary>
internal sealed class InvitesCommand : Verb
{
    public InvitesCommand(Workplace place)
        : base(place, "invites", "List open invitations to make an account.")
    {
    }

    protected override async Task RunAsync(ParseResult line, CancellationToken cancellation)
    {
        using var signedIn = Place.SignIn(line);
        var invites = await signedIn.Client.Admin.ListInvitesAsync(cancellation);
        if (WantsJson(line))
            Screen.Json(invites, HypersendJson.Wire.PageOfInvites);
        else
            Screen.Table(["ID", "USED", "ENDS"], invites.Items.Select(invite => (string[])[invite.Id.ToString(), $"{invite.Uses} of {invite.MaxUses}", Shown.Time(invite.ExpiresAt, Place.Around.Clock)]));
    }
}
