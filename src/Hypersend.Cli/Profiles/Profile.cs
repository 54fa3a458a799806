using System.Text.Json.Serialization;
using Hypersend.Contracts.Ids;
using Hypersend.Sdk;

namespace Hypersend.Cli.Profiles;

/// <summary>A server, and who is signed in there: one file in the folder of profiles.</summary>
internal sealed record Profile
{
    public required string Name { get; init; }

    public required Uri Server { get; init; }

    public required UserId UserId { get; init; }

    public required string Username { get; init; }

    /// <summary>Null after a sign-out.</summary>
    public string? AccessToken { get; init; }

    public string? RefreshToken { get; init; }

    public DateTimeOffset AccessExpiresAt { get; init; }

    [JsonIgnore]
    public SessionTokens? Tokens => AccessToken is null
        ? null
        : new SessionTokens { AccessToken = AccessToken, RefreshToken = RefreshToken, AccessExpiresAt = AccessExpiresAt };

    public Profile With(SessionTokens? tokens) => this with
    {
        AccessToken = tokens?.AccessToken,
        RefreshToken = tokens?.RefreshToken,
        AccessExpiresAt = tokens?.AccessExpiresAt ?? default,
    };

    /// <summary>Says nothing of the tokens, so that they land nowhere.</summary>
    public override string ToString() => $"Profile {Name}";
}
