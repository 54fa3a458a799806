namespace Hypersend.Server.Platform.Auth.Jwt;

/// <summary>What an access token says; rights come from the session it names, never from here.</summary>
internal sealed record AccessClaims(Guid UserId, Guid SessionId, string Role, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt);
