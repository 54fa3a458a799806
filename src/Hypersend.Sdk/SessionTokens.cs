namespace Hypersend.Sdk;

/// <summary>What a signed-in client holds, and a caller may keep for the next run.</summary>
public sealed record SessionTokens
{
    /// <summary>Stands in the Authorization header of every call.</summary>
    public required string AccessToken { get; init; }

    /// <summary>Buys the next pair; null where a cookie holds it.</summary>
    public required string? RefreshToken { get; init; }

    /// <summary>When the access token ends, by this machine's clock.</summary>
    public required DateTimeOffset AccessExpiresAt { get; init; }

    /// <summary>Says nothing of the tokens, so that they land in no log.</summary>
    public override string ToString() => "SessionTokens";
}
