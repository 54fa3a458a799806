using System.CommandLine;
using Hypersend.Cli.Start;
using Hypersend.Contracts;
using Hypersend.Contracts.Admin;

namespace Hypersend.Cli.Admin;

/// <summary>An invitation to make an account.</summary>
internal sealed class InviteCommand : Verb
{
    private readonly Option<int?> _uses = new("--uses") { Description = "How many accounts it makes; one when nothing is said.", HelpName = "COUNT" };

    private readonly Option<TimeSpan?> _expires = new("--expires") { Description = "After how long it ends, as 12h or 7d; a week when nothing is said.", HelpName = "TIME", CustomParser = Durations.Parse };

    public InviteCommand(Workplace place)
        : base(place, "invite", "Make an invitation to make an account; its link is shown this once.")
    {
        Add(_uses);
        Add(_expires);
    }

    protected override async Task RunAsync(ParseResult line, CancellationToken cancellation)
    {
        using var signedIn = Place.SignIn(line);
        var request = new CreateInviteRequest { MaxUses = line.GetValue(_uses), ExpiresIn = line.GetValue(_expires) is { } life ? (int)Math.Min(int.MaxValue, life.TotalSeconds) : null };
        var invite = await signedIn.Client.Admin.CreateInviteAsync(request, cancellation);
        if (WantsJson(line))
            Screen.Json(invite, HypersendJson.Wire.RegistrationInvite);
        else
            Screen.Line(invite.Url ?? invite.Token ?? "");
    }
}
