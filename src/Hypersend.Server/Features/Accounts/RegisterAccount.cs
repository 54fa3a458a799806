using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Errors;
using Hypersend.Server.Features.Admin;
using Hypersend.Server.Platform.Auth.Passwords;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Features.Accounts;

/// <summary>What became of a registration: a session, or with null a mail that must be answered first.</summary>
internal readonly record struct Registered(SignedInSession? Session);

/// <summary>Makes an account and signs it in, or, where addresses must be confirmed, sends the mail that does.</summary>
internal sealed class RegisterAccount(
    IAccountStore accounts,
    PasswordHasher hasher,
    MakeAccount make,
    ConfirmationMails mails,
    AccountOptions options,
    LiveSettings settings,
    SetupCode setupCode,
    TimeProvider clock)
{
    public async Task<Result<Registered>> HandleAsync(RegisterRequest request, Device device, CancellationToken cancellation)
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
            InviteHash = request.Invite is { } invite ? OneTimeSecret.HashOf(invite) : null,
        };

        // Asked again inside the transaction; asked here so that a closed door costs no hashing.
        if (settings.HasAdmin && RegistrationRules.Decide(gate, anyAccount: true, anyAdmin: true).Verdict.Refusal is { } refusal)
            return new Failure(refusal);

        var pending = new PendingAccount
        {
            Username = request.Username,
            Email = request.Email,
            Name = string.IsNullOrWhiteSpace(request.Name) ? request.Username : request.Name,
            PasswordHash = await hasher.HashAsync(request.Password, cancellation),
            InviteHash = gate.InviteHash,
        };

        // Whoever sets the server up has no mail to wait for: it may not even be able to send one yet.
        if (options.ConfirmMail && settings.HasAdmin)
            return await WaitForMailAsync(pending, cancellation);
        return (await make.HandleAsync(pending, gate, device, cancellation)).Succeeded(out var session, out var failure)
            ? new Registered(session)
            : failure;
    }

    private async Task<Result<Registered>> WaitForMailAsync(PendingAccount pending, CancellationToken cancellation)
    {
        // User names are public; addresses are not, so what is known of them is looked up beside the request.
        if (await accounts.FindByLoginAsync(NameForm.Of(pending.Username), cancellation) is not null)
            return new Failure(ErrorCodes.UsernameTaken);
        if (!mails.TryAsk(pending with { ExpiresAt = clock.GetUtcNow().AddHours(options.ConfirmHours) }))
            return new Failure(ErrorCodes.Busy);
        return new Registered(null);
    }
}
