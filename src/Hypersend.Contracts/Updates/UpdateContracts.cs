using System.ComponentModel.DataAnnotations;
using Hypersend.Contracts.Validation;

namespace Hypersend.Contracts.Updates;

/// <summary>A version of a client that people can install.</summary>
public sealed record Release
{
    public required string Platform { get; init; }

    public required string Version { get; init; }

    public required string Url { get; init; }

    public string? Sha256 { get; init; }

    public required string Notes { get; init; }

    public required bool Mandatory { get; init; }

    public required DateTimeOffset ReleasedAt { get; init; }
}

public sealed record PublishReleaseRequest
{
    /// <summary>A word such as linux-x64, windows, android, web.</summary>
    [Needed, RegularExpression("[a-z0-9][a-z0-9_-]{0,31}", ErrorMessage = "must be a word such as linux-x64, windows or android")]
    public string Platform { get; init; } = "";

    [Needed, RegularExpression(@"[0-9]{1,6}(\.[0-9]{1,6}){0,3}(-[0-9A-Za-z.-]{1,32})?", ErrorMessage = "must be a version such as 1.4.0 or 2.0.0-beta.1")]
    public string Version { get; init; } = "";

    [Needed, Text(1, 2000), RegularExpression(@"https?://[^\s]+", ErrorMessage = "must be an http or https address")]
    public string Url { get; init; } = "";

    [RegularExpression("[0-9a-fA-F]{64}", ErrorMessage = "must be 64 hexadecimal digits")]
    public string? Sha256 { get; init; }

    [Text(0, 10_000)]
    public string? Notes { get; init; }

    /// <summary>Older clients must not go on without it.</summary>
    public bool Mandatory { get; init; }
}

public sealed record UpdateCheck
{
    public required bool UpdateAvailable { get; init; }

    public required bool Mandatory { get; init; }

    public required string CurrentVersion { get; init; }

    public required string? LatestVersion { get; init; }

    public required Release? Release { get; init; }
}
