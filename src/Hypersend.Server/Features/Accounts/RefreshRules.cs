using System.Security.Cryptography;

namespace Hypersend.Server.Features.Accounts;

/// <summary>What a presented refresh token means for its session.</summary>
internal enum RefreshVerdict
{
    /// <summary>The stored token again (another tab, a lost answer): give its one successor, change nothing.</summary>
    Repeat,

    /// <summary>The successor is used for the first time: it becomes the stored token.</summary>
    Rotate,

    /// <summary>A token whose successor was already used: somebody has a copy, the whole family ends.</summary>
    Reused,

    /// <summary>Not of this session's chain: refused, and nothing else happens.</summary>
    Unknown,
}

/// <summary>The decision over a refresh, without any I/O.</summary>
internal static class RefreshRules
{
    public static RefreshVerdict Decide(uint storedGeneration, byte[] storedHash, byte[] storedNextHash, RefreshToken presented)
    {
        if (presented.Generation < storedGeneration)
            return RefreshVerdict.Reused; // its tag proves that we made it
        var hash = RefreshTokens.HashOf(presented.Text);
        if (presented.Generation == storedGeneration && CryptographicOperations.FixedTimeEquals(hash, storedHash))
            return RefreshVerdict.Repeat;
        if (presented.Generation == (ulong)storedGeneration + 1 && CryptographicOperations.FixedTimeEquals(hash, storedNextHash))
            return RefreshVerdict.Rotate;
        return RefreshVerdict.Unknown;
    }
}
