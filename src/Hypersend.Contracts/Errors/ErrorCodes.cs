namespace Hypersend.Contracts.Errors;

/// <summary>The stable word in the <c>code</c> of every error. The server's table gives each its status, title and hint.</summary>
public static class ErrorCodes
{
    public const string MalformedBody = "malformed_body";
    public const string MalformedRequest = "malformed_request";
    public const string ValidationFailed = "validation_failed";
    public const string InvalidText = "invalid_text";
    public const string InvalidCursor = "invalid_cursor";
    public const string TooLarge = "too_large";
    public const string UnsupportedMediaType = "unsupported_media_type";
    public const string MethodNotAllowed = "method_not_allowed";
    public const string NotFound = "not_found";
    public const string Forbidden = "forbidden";
    public const string Conflict = "conflict";
    public const string RateLimited = "rate_limited";
    public const string Busy = "busy";
    public const string Unavailable = "unavailable";
    public const string OutcomeUnknown = "outcome_unknown";
    public const string StorageFull = "storage_full";
    public const string InternalError = "internal_error";
    public const string RequestTimeout = "request_timeout";

    public const string NotAuthenticated = "not_authenticated";
    public const string InvalidToken = "invalid_token";
    public const string SessionEnded = "session_ended";
    public const string CrossSite = "cross_site";

    public const string InvalidCredentials = "invalid_credentials";
    public const string TotpRequired = "totp_required";
    public const string InvalidTotp = "invalid_totp";
    public const string WrongCode = "wrong_code";
    public const string TotpNotSetUp = "totp_not_set_up";
    public const string TotpAlreadyEnabled = "totp_already_enabled";
    public const string TooManyFailures = "too_many_failures";
    public const string AccountDisabled = "account_disabled";
    public const string UsernameTaken = "username_taken";
    public const string EmailTaken = "email_taken";
    public const string EmailFixed = "email_fixed";
    public const string WeakPassword = "weak_password";
    public const string WrongPassword = "wrong_password";
    public const string RegistrationClosed = "registration_closed";
    public const string InviteRequired = "invite_required";
    public const string InvalidInvite = "invalid_invite";
    public const string InvalidSetupCode = "invalid_setup_code";
    public const string InvalidRefreshToken = "invalid_refresh_token";
    public const string RefreshReused = "refresh_reused";
    public const string InvalidConfirmToken = "invalid_confirm_token";
    public const string InvalidResetToken = "invalid_reset_token";

    public const string UnsupportedImage = "unsupported_image";
    public const string CannotTargetSelf = "cannot_target_self";
    public const string LastAdmin = "last_admin";
    public const string NoRelease = "no_release";
}
