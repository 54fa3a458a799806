using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Errors;
using Hypersend.Server.Features.Admin;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Secrets;

namespace Hypersend.Server.Features.Accounts;

/// <summary>Makes the account of somebody who has answered the mail, once, and signs them in.</summary>
internal sealed class ConfirmAccount(IAccountStore accounts, MakeAccount make, LiveSettings settings, TimeProvider clock)
{
    public async Task<Result<SignedInSession>> HandleAsync(ConfirmRequest request, Device device, CancellationToken cancellation)
    {
        if (await accounts.TakePendingAsync(OneTimeSecret.HashOf(request.Token), clock.GetUtcNow(), cancellation) is not { } pending)
            return new Failure(ErrorCodes.InvalidConfirmToken);
        var gate = new RegistrationGate
        {
            Mode = settings.Registration,
            FromThisMachine = false,
            BringsSetupCode = false,
            InviteHash = pending.InviteHash,
        };
        return await make.HandleAsync(pending, gate, device, cancellation);
    }
}
