using Hypersend.Server.Features.Accounts;

namespace Hypersend.Server.Start.Verbs.Users;

/// <summary>A new password for who has lost theirs, or whose was stolen: every session of theirs ends.</summary>
internal sealed class ResetUserPassword : IVerb
{
    private const string WithoutTotp = "--without-totp";

    public VerbForm Form { get; } = new("user reset-password", "sets a new password and ends all sessions; on request also two-step verification")
    {
        Operands = ["NAME"],
        Switches = [NewPassword.FromInput, NewPassword.Make, WithoutTotp],
    };

    public async Task<int> RunAsync(VerbCall call, CancellationToken cancellation)
    {
        await using var app = await VerbHost.BesideDatabaseAsync(call, cancellation);
        if (await FindUser.RunAsync(app, call, cancellation) is not { } account)
            return ExitCodes.NotThere;
        var (password, isMade) = await NewPassword.ReadAsync(call, account.Username, cancellation);
        if (password is null)
            return ExitCodes.Failed;
        var replace = app.Services.GetRequiredService<ReplacePassword>();
        if ((await replace.HandleAsync(account, password, call.Has(WithoutTotp), cancellation)).Failure is { } failure)
            return call.Refuse(failure);
        var second = account.TotpSecret is null ? "" : call.Has(WithoutTotp) ? " Two-step verification is off." : " Two-step verification stays on.";
        await call.Out.WriteLineAsync($"{account.Username} has a new password; all their sessions have ended.{second}{NewPassword.Shown(password, isMade)}");
        return ExitCodes.Done;
    }
}
