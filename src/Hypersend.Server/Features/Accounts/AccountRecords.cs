using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Features.Accounts;

/// <summary>An account about to be made; the comparing forms and words are made beforehand.</summary>
internal sealed record NewAccount
{
    public required UserId Id { get; init; }

    public required string Username { get; init; }

    public required string UsernameKey { get; init; }

    public required string Email { get; init; }

    public required string EmailKey { get; init; }

    public required string Name { get; init; }

    public required string PasswordHash { get; init; }

    public required IReadOnlyList<string> Words { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public static NewAccount Of(PendingAccount pending, DateTimeOffset now) => new()
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
}

/// <summary>A registration that waits for its mail to be answered.</summary>
internal sealed record PendingAccount
{
    public byte[] TokenHash { get; init; } = [];

    public string Username { get; init; } = "";

    public string Email { get; init; } = "";

    public string Name { get; init; } = "";

    public string PasswordHash { get; init; } = "";

    public byte[]? InviteHash { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>A session about to be opened, with the hashes of its first refresh token and of that one's successor.</summary>
internal sealed record NewSession
{
    public required SessionId Id { get; init; }

    public required UserId UserId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required string Address { get; init; }

    public required string UserAgent { get; init; }

    public required byte[] RefreshHash { get; init; }

    public required byte[] NextRefreshHash { get; init; }
}

/// <summary>What signing in needs to know of an account.</summary>
internal sealed record Credentials
{
    public UserId Id { get; init; }

    public string Username { get; init; } = "";

    public string? Email { get; init; }

    public string? PasswordHash { get; init; }

    public bool Disabled { get; init; }

    /// <summary>Sealed; null while two-step verification is off.</summary>
    public string? TotpSecret { get; init; }

    /// <summary>Sealed; waits for its first code.</summary>
    public string? TotpPending { get; init; }

    public long TotpLastStep { get; init; }
}

/// <summary>Where a family of refresh tokens stands.</summary>
internal sealed record RefreshState
{
    public UserId UserId { get; init; }

    public string Role { get; init; } = "";

    public bool Disabled { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public long Generation { get; init; }

    public byte[] RefreshHash { get; init; } = [];

    public byte[] NextRefreshHash { get; init; } = [];
}

/// <summary>A session as its owner sees it in the list.</summary>
internal sealed record SessionRow
{
    public SessionId Id { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset LastUsedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public string Address { get; init; } = "";

    public string UserAgent { get; init; } = "";
}
