namespace Hypersend.Contracts.Files;

/// <summary>An address that opens one file without a header or a cookie, as long as the session that asked for it lives.</summary>
public sealed record SignedUrl
{
    public required string Url { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}
