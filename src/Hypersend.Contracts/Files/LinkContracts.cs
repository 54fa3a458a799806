using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Validation;

namespace Hypersend.Contracts.Files;

public sealed record CreateLinkRequest
{
    /// <summary>In seconds; null for a link that stays.</summary>
    [Range(1.0, 10 * 365 * 24 * 3600.0, ErrorMessage = "must be 1 second to 10 years")]
    public long? ExpiresIn { get; init; }

    [Text(1, 1024)]
    public string? Password { get; init; }

    /// <summary>How many visitors may fetch it.</summary>
    [Range(1, 1_000_000, ErrorMessage = "must be 1 to 1000000")]
    public int? MaxDownloads { get; init; }
}

/// <summary>A link to a file for people without an account: a page, and below it <c>/download</c>.</summary>
public sealed record FileLink
{
    public required LinkId Id { get; init; }

    /// <summary>Only in the answer that made it: the server keeps no more of it than its hash.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Url { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset? ExpiresAt { get; init; }

    public required int? MaxDownloads { get; init; }

    /// <summary>How many visitors have fetched it.</summary>
    public required int Downloads { get; init; }

    public required bool HasPassword { get; init; }
}
