using System.Security.Cryptography;
using System.Text;
using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Users;
using Hypersend.Server.Features.Admin;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform.Auth.Passwords;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Features.Accounts;

/// <summary>Makes an account and signs it in.</summary>
internal sealed class RegisterAccount(
    IAccountStore accounts,
    PasswordHasher hasher,
    SessionTokens tokens,
    LiveSettings settings,
    SetupCode setupCode,
    TimeProvider clock)
{
    public async Task<Result<SignedInSession>> HandleAsync(RegisterRequest request, Device device, CancellationToken cancellation)
    {
        if (PasswordRules.Problem(request.Password, request.Username, request.Email, request.Name) is { } weakness)
            return Failure.OfField(ErrorCodes.WeakPassword, "password", weakness);
        if (request.SetupCode is { } code && !setupCode.Matches(code))
            return new Failure(ErrorCodes.InvalidSetupCode);
        var gate = new RegistrationGate
        {
            Mode = settings.Registration,
            FromThisMachine = device.IsThisMachine,
            BringsSetupCode = request.SetupCode is not null,
            InviteHash = request.Invite is { } invite ? SHA256.HashData(Encoding.UTF8.GetBytes(invite)) : null,
        };

        // Asked again inside the transaction; asked here so that a closed door costs no hashing.
        if (settings.HasAdmin && RegistrationRules.Decide(gate, anyAccount: true, anyAdmin: true).Verdict.Refusal is { } refusal)
            return new Failure(refusal);

        var now = clock.GetUtcNow();
        var name = string.IsNullOrWhiteSpace(request.Name) ? request.Username : request.Name;
        var account = new NewAccount
        {
            Id = new UserId(Guid.CreateVersion7(now)),
            Username = request.Username,
            UsernameKey = NameForm.Of(request.Username),
            Email = request.Email,
            EmailKey = NameForm.Of(request.Email),
            Name = name,
            PasswordHash = await hasher.HashAsync(request.Password, cancellation),
            Words = NameForm.Words(request.Username, name),
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
