using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Users;
using Hypersend.Server.Features.Accounts;
using Hypersend.Server.Features.Admin;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Mail;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Features.Users;

/// <summary>Changes a profile: one's own, or as an admin somebody's.</summary>
internal sealed class EditProfile(IUserStore users, IAccountStore accounts, PasswordProof proof, AccountOptions options, Outbox outbox, LiveSettings settings, TellOfPerson tell)
{
    public async Task<Result<Profile>> HandleAsync(Caller caller, UserId id, UpdateUserRequest request, CancellationToken cancellation)
    {
        var self = id == caller.UserId;
        if (!self && !caller.IsAdmin)
            return await users.FindAsync(id, caller.UserId, cancellation) is null ? new Failure(ErrorCodes.NotFound) : new Failure(ErrorCodes.Forbidden);
        if (request.Name is { } name && string.IsNullOrWhiteSpace(name))
            return Failure.OfField(ErrorCodes.ValidationFailed, "name", "must not be blank");
        if (self && request.Email is not null && await RefuseNewMailAsync(caller, request, cancellation) is { } refusal)
            return refusal;
        var before = request.Email is null ? null : await accounts.FindAsync(id, cancellation);

        var change = new ProfileChange
        {
            Name = request.Name,
            Bio = request.Bio,
            Username = request.Username,
            UsernameKey = request.Username is { } username ? NameForm.Of(username) : null,
            Email = request.Email,
            EmailKey = request.Email is { } email ? NameForm.Of(email) : null,
        };
        if (await users.UpdateAsync(id, change, cancellation) is { } code)
            return new Failure(code);
        if (request.Name is not null || request.Username is not null)
            await tell.HandleAsync(id);
        if (before?.Email is { } oldAddress && oldAddress != request.Email)
            outbox.TryPost(NoticeOfMove(oldAddress, before.Username));
        return await users.FindAsync(id, caller.UserId, cancellation) is { } profile ? profile : new Failure(ErrorCodes.NotFound);
    }

    // Whoever reads the old address learns of it there: it is the only one that a thief has not changed.
    private Letter NoticeOfMove(string oldAddress, string username) => new(oldAddress, $"{settings.BrandName}: your e-mail address was changed",
        $"""
        Hello {username},

        your account on {settings.BrandName} has another e-mail address now; this one does not open it any more.
        If it was not you, tell the people who run this server.

        """);

    // The address opens the account by a reset mail: whoever holds only a session may not move it.
    private async Task<Failure?> RefuseNewMailAsync(Caller caller, UpdateUserRequest request, CancellationToken cancellation)
    {
        if (await accounts.FindAsync(caller.UserId, cancellation) is not { } account)
            return new Failure(ErrorCodes.NotFound);
        if (account.Email == request.Email)
            return null;
        if (options.ConfirmMail)
            return new Failure(ErrorCodes.EmailFixed);
        if (request.CurrentPassword is not { } password)
            return Failure.OfField(ErrorCodes.WrongPassword, "current_password", "is needed to change the e-mail address");
        return await proof.RefuseAsync(caller.UserId, password, "current_password", cancellation);
    }
}
