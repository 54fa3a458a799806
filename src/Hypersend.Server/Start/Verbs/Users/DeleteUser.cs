using Hypersend.Server.Features.Users;

namespace Hypersend.Server.Start.Verbs.Users;

/// <summary>Ends an account for good; asks for the user name once more unless told that it is meant.</summary>
internal sealed class DeleteUser : IVerb
{
    private const string Yes = "--yes";

    public VerbForm Form { get; } = new("user delete", "deletes an account for good; what it wrote stays, under its name")
    {
        Operands = ["NAME"],
        Switches = [Yes],
    };

    public async Task<int> RunAsync(VerbCall call, CancellationToken cancellation)
    {
        await using var app = await VerbHost.BesideDatabaseAsync(call, cancellation);
        if (await FindUser.RunAsync(app, call, cancellation) is not { } account)
            return ExitCodes.NotThere;
        if (!call.Has(Yes))
        {
            await call.Error.WriteAsync($"This cannot be undone. Type {account.Username} to delete the account: ");
            if ((await call.In.ReadLineAsync(cancellation))?.Trim() != account.Username)
            {
                await call.Error.WriteLineAsync($"{account.Username} was not deleted. ({Yes} deletes without asking.)");
                return ExitCodes.Failed;
            }
        }

        if ((await app.Services.GetRequiredService<DeleteAccount>().HandleAsync(account.Id, null, cancellation)).Failure is { } failure)
            return call.Refuse(failure);
        await call.Out.WriteLineAsync($"The account of {account.Username} is deleted.");
        return ExitCodes.Done;
    }
}
