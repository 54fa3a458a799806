using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Users;
using Hypersend.Server.Features.Accounts;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Start.Verbs.Users;

/// <summary>Makes an account, whatever REGISTRATION says.</summary>
internal sealed class AddUser : IVerb
{
    private const string Admin = "--admin";
    private const string Name = "--name";

    public VerbForm Form { get; } = new("user add", "makes an account; asks for the password unless told otherwise")
    {
        Operands = ["NAME", "EMAIL"],
        Switches = [Admin, NewPassword.FromInput, NewPassword.Make],
        Values = new Dictionary<string, string> { [Name] = "\"SHOWN NAME\"" },
    };

    public async Task<int> RunAsync(VerbCall call, CancellationToken cancellation)
    {
        await using var app = await VerbHost.BesideDatabaseAsync(call, cancellation);
        var (username, email) = (call.Operands[0], call.Operands[1]);
        if (await app.Services.GetRequiredService<IAccountStore>().FindByLoginAsync(NameForm.Of(username), cancellation) is { Email: { } known } there
            && NameForm.Of(known) == NameForm.Of(email))
        {
            await call.Out.WriteLineAsync($"{there.Username} has an account already; nothing was changed.");
            return ExitCodes.Done;
        }

        var (password, isMade) = await NewPassword.ReadAsync(call, username, cancellation);
        if (password is null)
            return ExitCodes.Failed;
        var request = new RegisterRequest { Username = username, Email = email, Password = password, Name = call.Value(Name) };
        var role = call.Has(Admin) ? Roles.Admin : Roles.User;
        if (!(await app.Services.GetRequiredService<AddAccount>().HandleAsync(request, role, cancellation)).Succeeded(out var account, out var failure))
            return call.Refuse(failure);
        await call.Out.WriteLineAsync($"{account.Username} has an account now{(role == Roles.Admin ? " and is an admin" : "")}.{NewPassword.Shown(password, isMade)}");
        return ExitCodes.Done;
    }
}
