using System.Text.Json.Serialization;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Users;

namespace Hypersend.Contracts.Accounts;

/// <summary>The answer to register, login and refresh.</summary>
public sealed record SignedIn
{
    public required UserId Id { get; init; }

    public required string Username { get; init; }

    public required string? Email { get; init; }

    public required string Name { get; init; }

    public required string AccessToken { get; init; }

    /// <summary>Absent in cookie mode.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RefreshToken { get; init; }

    public string TokenType { get; init; } = "bearer";

    /// <summary>Seconds until the access token ends.</summary>
    public required int ExpiresIn { get; init; }

    public required User User { get; init; }
}

/// <summary>The answer to a registration where addresses must be confirmed: the same whether or not the address is known.</summary>
public sealed record ConfirmationSent
{
    public required string Email { get; init; }

    /// <summary>Seconds until the mail's link ends.</summary>
    public required int ExpiresIn { get; init; }
}

public sealed record Session
{
    public required SessionId Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset LastUsedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required string Address { get; init; }

    public required string UserAgent { get; init; }

    /// <summary>The session that asks.</summary>
    public required bool Current { get; init; }
}

public sealed record TotpSetup
{
    public required string Secret { get; init; }

    /// <summary>otpauth:// for the authenticator app.</summary>
    public required string Uri { get; init; }
}

public sealed record RecoveryCodeList
{
    /// <summary>Shown once; each signs in once instead of a code.</summary>
    public required IReadOnlyList<string> RecoveryCodes { get; init; }
}

public sealed record SocketTicket
{
    public required string Ticket { get; init; }

    /// <summary>Seconds.</summary>
    public required int ExpiresIn { get; init; }
}
