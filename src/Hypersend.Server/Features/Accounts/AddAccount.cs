using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Errors;
using Hypersend.Server.Platform.Auth.Passwords;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Accounts;

/// <summary>Makes an account for somebody else. Whoever runs the server asks no door, but the names and the password keep their rules.</summary>
internal sealed class AddAccount(IAccountStore accounts, PasswordHasher hasher, TimeProvider clock)
{
    public async Task<Result<NewAccount>> HandleAsync(RegisterRequest request, string role, CancellationToken cancellation)
    {
        var wrong = Problems(request).ToDictionary(problem => problem.Field, IReadOnlyList<string> (problem) => [problem.Message]);
        if (wrong.Count > 0)
            return new Failure(ErrorCodes.ValidationFailed) { Errors = wrong };
        if (PasswordRules.Problem(request.Password, request.Username, request.Email, request.Name) is { } weakness)
            return Failure.OfField(ErrorCodes.WeakPassword, "password", weakness);
        var pending = new PendingAccount
        {
            Username = request.Username,
            Email = request.Email,
            Name = string.IsNullOrWhiteSpace(request.Name) ? request.Username : request.Name,
            PasswordHash = await hasher.HashAsync(request.Password, cancellation),
        };
        var account = NewAccount.Of(pending, clock.GetUtcNow());
        var registration = await accounts.RegisterAsync(account, null, RegistrationGate.OpenedFor(role), cancellation);
        return registration.Refusal is { } refused ? new Failure(refused) : account;
    }

    // What the routes ask of a request by its attributes, asked without a route.
    private static IEnumerable<(string Field, string Message)> Problems(RegisterRequest request)
    {
        (string Member, string? Value)[] fields =
            [(nameof(request.Username), request.Username), (nameof(request.Email), request.Email), (nameof(request.Password), request.Password), (nameof(request.Name), request.Name)];
        foreach (var (member, value) in fields)
        {
            var wrong = new List<ValidationResult>();
            if (!Validator.TryValidateProperty(value, new ValidationContext(request) { MemberName = member }, wrong))
                yield return (JsonNamingPolicy.SnakeCaseLower.ConvertName(member), wrong[0].ErrorMessage!);
        }
    }
}
