using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Users;
using Hypersend.Server.Features.Admin;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Features.Accounts;

/// <summary>Stores an account whose owner has proved all that was asked, and opens its first session.</summary>
internal sealed class MakeAccount(IAccountStore accounts, SessionTokens tokens, LiveSettings settings, TimeProvider clock)
{
    public async Task<Result<SignedInSession>> HandleAsync(
        PendingAccount pending, RegistrationGate gate, Device device, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var account = new NewAccount
        {
            Id = new UserId(Guid.CreateVersion7(now)),
            Username = pending.Username,
            UsernameKey = NameForm.Of(pending.Username),
            Email = pending.Email,
            EmailKey = NameForm.Of(pending.Email),
            Name = pending.Name,
            PasswordHash = pending.PasswordHash,
            Words = NameForm.Words(pending.Username, pending.Name),
            CreatedAt = now,
        };
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
