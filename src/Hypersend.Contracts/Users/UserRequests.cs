using Hypersend.Contracts.Validation;

namespace Hypersend.Contracts.Users;

/// <summary>Absent fields stay as they are.</summary>
public sealed record UpdateUserRequest
{
    [Text(1, 100)]
    public string? Name { get; init; }

    [Text(0, 500)]
    public string? Bio { get; init; }

    [Username]
    public string? Username { get; init; }

    [MailAddress]
    public string? Email { get; init; }

    /// <summary>Needed to change one's own e-mail address.</summary>
    [Text(1, 1024)]
    public string? CurrentPassword { get; init; }
}

/// <summary>The body may be absent; a password that is given must be right.</summary>
public sealed record DeleteAccountRequest
{
    [Text(1, 1024)]
    public string? Password { get; init; }
}
