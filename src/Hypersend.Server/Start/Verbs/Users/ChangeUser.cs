using Hypersend.Contracts.Admin;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Users;
using Hypersend.Server.Features.Admin;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Start.Verbs.Users;

/// <summary>The verbs that change one thing of an account, as the administration of the web app does.</summary>
internal sealed class ChangeUser : IVerb
{
    private readonly AdminUpdateUserRequest _change;
    private readonly string _becomes;

    private ChangeUser(string word, string says, string becomes, AdminUpdateUserRequest change)
    {
        Form = new VerbForm("user " + word, says) { Operands = ["NAME"] };
        (_change, _becomes) = (change, becomes);
    }

    public static ChangeUser Disable { get; } = new("disable", "lets somebody in no more and ends their sessions", "is disabled", new() { Disabled = true });

    public static ChangeUser Enable { get; } = new("enable", "lets somebody in again", "may sign in", new() { Disabled = false });

    public static ChangeUser MakeAdmin { get; } = new("make-admin", "lets somebody run the server", "is an admin", new() { Role = Roles.Admin });

    public static ChangeUser RemoveAdmin { get; } = new("remove-admin", "takes that back", "is no admin", new() { Role = Roles.User });

    public VerbForm Form { get; }

    public async Task<int> RunAsync(VerbCall call, CancellationToken cancellation)
    {
        await using var app = await VerbHost.BesideDatabaseAsync(call, cancellation);
        if (await FindUser.RunAsync(app, call, cancellation) is not { } account)
            return ExitCodes.NotThere;
        var nobody = new UserId(Guid.Empty);
        var before = await app.Services.GetRequiredService<IUserStore>().FindAsync(account.Id, nobody, cancellation);
        if (before is null)
            return call.Refuse(new Failure(ErrorCodes.NotFound));
        if ((_change.Disabled ?? before.Disabled) == before.Disabled && (_change.Role ?? before.Role) == before.Role)
        {
            await call.Out.WriteLineAsync($"{account.Username} {_becomes} already; nothing was changed.");
            return ExitCodes.Done;
        }

        if ((await app.Services.GetRequiredService<EditAccount>().HandleAsync(nobody, account.Id, _change, cancellation)).Failure is { } failure)
            return call.Refuse(failure);
        await call.Out.WriteLineAsync($"{account.Username} {_becomes} now.");
        return ExitCodes.Done;
    }
}
