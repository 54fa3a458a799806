using Hypersend.Contracts.Validation;

namespace Hypersend.Contracts.Accounts;

/// <summary>Where the refresh token travels: in the body, or in an httpOnly cookie.</summary>
public static class SessionModes
{
    public const string Body = "body";
    public const string Cookie = "cookie";
}

public sealed record RegisterRequest
{
    [Needed, Username]
    public string Username { get; init; } = "";

    [Needed, MailAddress]
    public string Email { get; init; } = "";

    /// <summary>8 to 1024 characters of any Unicode; never cut.</summary>
    [Needed, Text(8, 1024)]
    public string Password { get; init; } = "";

    /// <summary>The name others see; the user name when absent.</summary>
    [Text(0, 100)]
    public string? Name { get; init; }

    /// <summary>Needed where <c>registration</c> is <c>invite</c>.</summary>
    [Text(1, 100)]
    public string? Invite { get; init; }

    /// <summary>The code printed at the first start: makes this account the first admin.</summary>
    [Text(1, 100)]
    public string? SetupCode { get; init; }

    [OneOf(SessionModes.Body, SessionModes.Cookie)]
    public string? Session { get; init; }
}

/// <summary>The token of the mail that a registration sent, where addresses must be confirmed.</summary>
public sealed record ConfirmRequest
{
    [Needed, Text(1, 200)]
    public string Token { get; init; } = "";

    [OneOf(SessionModes.Body, SessionModes.Cookie)]
    public string? Session { get; init; }
}

public sealed record LoginRequest
{
    /// <summary>E-mail or user name; any one of the three fields will do.</summary>
    [Text(1, 320)]
    public string? Login { get; init; }

    [Text(1, 320)]
    public string? Email { get; init; }

    [Text(1, 320)]
    public string? Username { get; init; }

    [Needed, Text(1, 1024)]
    public string Password { get; init; } = "";

    /// <summary>Six digits of the authenticator app, or a recovery code.</summary>
    [Text(1, 40)]
    public string? Totp { get; init; }

    [OneOf(SessionModes.Body, SessionModes.Cookie)]
    public string? Session { get; init; }
}

/// <summary>The body may be absent when the cookie is there.</summary>
public sealed record RefreshRequest
{
    [Text(1, 200)]
    public string? RefreshToken { get; init; }

    [OneOf(SessionModes.Body, SessionModes.Cookie)]
    public string? Session { get; init; }
}

public sealed record ChangePasswordRequest
{
    [Needed, Text(1, 1024)]
    public string CurrentPassword { get; init; } = "";

    [Needed, Text(8, 1024)]
    public string NewPassword { get; init; } = "";
}

public sealed record ForgotPasswordRequest
{
    [Needed, MailAddress]
    public string Email { get; init; } = "";
}

public sealed record ResetPasswordRequest
{
    [Needed, Text(1, 200)]
    public string Token { get; init; } = "";

    [Needed, Text(8, 1024)]
    public string NewPassword { get; init; } = "";
}

public sealed record TotpCodeRequest
{
    [Needed, Text(1, 40)]
    public string Code { get; init; } = "";
}
