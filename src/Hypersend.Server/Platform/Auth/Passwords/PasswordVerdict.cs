namespace Hypersend.Server.Platform.Auth.Passwords;

/// <summary>What a password check found.</summary>
internal enum PasswordVerdict
{
    Wrong,
    Right,

    /// <summary>Right, but the scheme, the pepper or the cost has moved since: hash it again.</summary>
    RightButOld,
}
