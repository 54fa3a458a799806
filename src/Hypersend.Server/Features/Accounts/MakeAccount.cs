using Hypersend.Contracts.Users;
using Hypersend.Server.Features.Admin;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Accounts;

/// <summary>Stores an account whose owner has proved all that was asked, and opens its first session.</summary>
internal sealed class MakeAccount(IAccountStore accounts, SessionTokens tokens, LiveSettings settings, TimeProvider clock)
{
    public async Task<Result<SignedInSession>> HandleAsync(
        PendingAccount pending, RegistrationGate gate, Device device, CancellationToken cancellation)
    {
        var account = NewAccount.Of(pending, clock.GetUtcNow());
        var (session, refreshToken) = tokens.New(account.Id, device);
        var registration = await accounts.RegisterAsync(account, session, gate, cancellation);
        AccountMetrics.Registered(registration.Refusal ?? "made");
        if (registration.Refusal is { } refused)
            return new Failure(refused);
        if (registration.Role == Roles.Admin)
            settings.AdminArrived();
        return tokens.Answer(Profile.OfNew(account, registration.Role!), session.Id, refreshToken);
    }
}
