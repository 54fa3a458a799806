namespace Hypersend.Server.Features.Accounts;

/// <summary>A refresh token whose tag has been proved.</summary>
internal sealed record RefreshToken(Guid SessionId, uint Generation, byte[] Secret, string Text)
{
    // The made ToString of a record would print the whole token.
    public override string ToString() => $"RefreshToken {SessionId}/{Generation}";
}
