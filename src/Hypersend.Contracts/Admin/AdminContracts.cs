using System.ComponentModel.DataAnnotations;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Users;
using Hypersend.Contracts.Validation;

namespace Hypersend.Contracts.Admin;

public static class RegistrationModes
{
    public const string Open = "open";
    public const string Invite = "invite";
    public const string Closed = "closed";
}

/// <summary>Absent fields stay as they are; a quota of -1 returns to the server's default.</summary>
public sealed record AdminUpdateUserRequest
{
    [OneOf(Roles.User, Roles.Admin)]
    public string? Role { get; init; }

    public bool? Disabled { get; init; }

    [Range(-1, long.MaxValue, ErrorMessage = "must be -1 (the server's default) or more")]
    public long? QuotaBytes { get; init; }
}

/// <summary>What an admin may change while the server runs. Absent fields of a PUT stay as they are.</summary>
public sealed record ServerSettings
{
    [OneOf(RegistrationModes.Open, RegistrationModes.Invite, RegistrationModes.Closed)]
    public string? Registration { get; init; }

    /// <summary>Bytes a person may store; 0 for no limit.</summary>
    [Range(0, long.MaxValue, ErrorMessage = "must be 0 (no limit) or more")]
    public long? DefaultQuotaBytes { get; init; }

    [Text(1, 60)]
    public string? BrandName { get; init; }

    /// <summary>#rrggbb</summary>
    [RegularExpression("#[0-9a-fA-F]{6}", ErrorMessage = "must be a colour such as #2a6fdb")]
    public string? BrandColor { get; init; }
}

public sealed record CreateInviteRequest
{
    [Range(1, 10_000, ErrorMessage = "must be from 1 to 10000")]
    public int? MaxUses { get; init; }

    /// <summary>Seconds; a week when absent.</summary>
    [Range(60, 31_536_000, ErrorMessage = "must be from 60 seconds to a year")]
    public int? ExpiresIn { get; init; }
}

/// <summary>An invitation to register; the token is shown once, at its creation.</summary>
public sealed record RegistrationInvite
{
    public required InviteId Id { get; init; }

    public string? Token { get; init; }

    public string? Url { get; init; }

    public required int MaxUses { get; init; }

    public required int Uses { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

public sealed record DebugStatus
{
    public required string Version { get; init; }

    public required string Runtime { get; init; }

    public required string Os { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required long UptimeSeconds { get; init; }

    public required string Database { get; init; }

    public required string Storage { get; init; }

    public required string Bus { get; init; }

    public required string Mail { get; init; }

    public required long ManagedBytes { get; init; }

    public required long WorkingSetBytes { get; init; }

    public required int Threads { get; init; }

    public required long DiskFreeBytes { get; init; }

    public required long Users { get; init; }

    public required long Sessions { get; init; }
}

public sealed record DebugLogLine
{
    public required DateTimeOffset At { get; init; }

    public required string Level { get; init; }

    public required string Category { get; init; }

    public required int EventId { get; init; }

    public required string Message { get; init; }

    public string? Exception { get; init; }
}

public sealed record DebugLogs
{
    public required IReadOnlyList<DebugLogLine> Items { get; init; }
}
