using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Users;
using Hypersend.Server.Features.Accounts;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Auth.Passwords;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Features.Users;

/// <summary>Changes a profile: one's own, or as an admin somebody's.</summary>
internal sealed class EditProfile(IUserStore users, IAccountStore accounts, PasswordHasher hasher)
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
        return await users.FindAsync(id, caller.UserId, cancellation) is { } profile ? profile : new Failure(ErrorCodes.NotFound);
    }

    // The address opens the account by a reset mail: whoever holds only a session may not move it.
    private async Task<Failure?> RefuseNewMailAsync(Caller caller, UpdateUserRequest request, CancellationToken cancellation)
    {
        if (await accounts.FindAsync(caller.UserId, cancellation) is not { } account)
            return new Failure(ErrorCodes.NotFound);
        if (account.Email == request.Email)
            return null;
        if (request.CurrentPassword is not { } password)
            return Failure.OfField(ErrorCodes.WrongPassword, "current_password", "is needed to change the e-mail address");
        return await hasher.VerifyAsync(password, account.PasswordHash, cancellation) == PasswordVerdict.Wrong
            ? Failure.OfField(ErrorCodes.WrongPassword, "current_password", "is wrong")
            : null;
    }
}
