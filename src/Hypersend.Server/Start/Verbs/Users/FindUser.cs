using Hypersend.Server.Features.Accounts;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Start.Verbs.Users;

/// <summary>Whom the operator means.</summary>
internal static class FindUser
{
    /// <summary>By user name or e-mail address; null when there is nobody, which was said then.</summary>
    public static async Task<Credentials?> RunAsync(WebApplication app, VerbCall call, CancellationToken cancellation)
    {
        var found = await app.Services.GetRequiredService<IAccountStore>().FindByLoginAsync(NameForm.Of(call.Operands[0]), cancellation);
        if (found is null)
            await call.Error.WriteLineAsync($"Nobody here has the user name or the address {call.Operands[0]}. hypersend-server user list shows who there is.");
        return found;
    }
}
