using Hypersend.Contracts.Errors;

namespace Hypersend.Server.Platform.Problems;

/// <summary>The one table from a code to its HTTP status, its title, and the hint that says what to do.</summary>
internal static class ErrorTable
{
    public sealed record Row(int Status, string Title, string Hint);

    private static readonly Dictionary<string, Row> Rows = new(StringComparer.Ordinal)
    {
        [ErrorCodes.MalformedBody] = new(400, "The body is not the JSON this call expects", "Send valid UTF-8 JSON with Content-Type: application/json; see /docs for the shape."),
        [ErrorCodes.MalformedRequest] = new(400, "The request is malformed", "Check the address, its parameters and the headers against /docs."),
        [ErrorCodes.InvalidCursor] = new(400, "The cursor is not one of ours", "Use next_cursor exactly as the last answer gave it, or leave cursor out to start again."),
        [ErrorCodes.ValidationFailed] = new(422, "Some fields are not valid", "Correct the fields named in errors and send the request again."),
        [ErrorCodes.InvalidText] = new(422, "The text holds a character that cannot be kept", "Remove U+0000 and half surrogate pairs; everything else is kept byte for byte."),
        [ErrorCodes.TooLarge] = new(413, "The body is too large", "Send at most max_size bytes."),
        [ErrorCodes.UnsupportedMediaType] = new(415, "This content type is not understood here", "Send Content-Type: application/json (or the type the call names in /docs)."),
        [ErrorCodes.MethodNotAllowed] = new(405, "This address does not take this method", "See the Allow header or /docs."),
        [ErrorCodes.NotFound] = new(404, "There is no such thing here", "Check the id; it may have been deleted, or it is not yours to see."),
        [ErrorCodes.Forbidden] = new(403, "You may not do this", "Ask somebody with the right, or sign in with another account."),
        [ErrorCodes.Conflict] = new(409, "The state has changed meanwhile", "Read it again and repeat the change."),
        [ErrorCodes.RateLimited] = new(429, "Too many requests", "Wait for the seconds in Retry-After, then go on more slowly."),
        [ErrorCodes.Busy] = new(503, "The server has too much to do", "Nothing was taken on. Repeat after the seconds in Retry-After."),
        [ErrorCodes.Unavailable] = new(503, "A part of the server is away", "Nothing was taken on. Repeat after the seconds in Retry-After."),
        [ErrorCodes.OutcomeUnknown] = new(503, "It is not known whether this happened", "Read the state again before you repeat the request."),
        [ErrorCodes.StorageFull] = new(507, "The server has no space left", "Nothing was taken on. Tell the people who run it; reading still works."),
        [ErrorCodes.InternalError] = new(500, "Something broke in the server", "Not your fault. Repeat later; tell the people who run it the trace_id."),
        [ErrorCodes.RequestTimeout] = new(408, "The body came too slowly", "Repeat the request on a better connection."),

        [ErrorCodes.NotAuthenticated] = new(401, "You are not signed in", "Sign in, then send Authorization: Bearer <access_token>."),
        [ErrorCodes.InvalidToken] = new(401, "The access token is not valid any more", "Get a new one with POST /api/v1/auth/refresh, or sign in again."),
        [ErrorCodes.SessionEnded] = new(401, "This session has ended", "Sign in again."),
        [ErrorCodes.CrossSite] = new(403, "The request came from another site", "Call from the server's own pages, or send the token in the Authorization header."),

        [ErrorCodes.InvalidCredentials] = new(401, "The name or the password is wrong", "Check both; the password can be reset on the sign-in page."),
        [ErrorCodes.TotpRequired] = new(401, "A code of your authenticator app is needed", "Repeat the request with totp set to the six digits, or to a recovery code."),
        [ErrorCodes.InvalidTotp] = new(401, "The code is wrong or was used already", "Wait for the next code, check the clock of your phone, or use a recovery code."),
        [ErrorCodes.WrongCode] = new(403, "The code is wrong or was used already", "Wait for the next code, check the clock of your phone, or use a recovery code."),
        [ErrorCodes.TotpNotSetUp] = new(409, "Two-step verification is not being set up", "Call POST /api/v1/auth/totp/setup first."),
        [ErrorCodes.TotpAlreadyEnabled] = new(409, "Two-step verification is on already", "Switch it off with a code before you set it up again."),
        [ErrorCodes.TooManyFailures] = new(429, "Too many wrong attempts", "Wait for the seconds in Retry-After, then try again."),
        [ErrorCodes.AccountDisabled] = new(403, "This account is disabled", "Ask an admin of this server."),
        [ErrorCodes.UsernameTaken] = new(409, "This user name is taken", "Choose another; upper and lower case do not differ."),
        [ErrorCodes.EmailTaken] = new(409, "This e-mail address has an account already", "Sign in with it, or reset its password."),
        [ErrorCodes.EmailFixed] = new(409, "The address was confirmed and stays", "Ask an admin of this server to change it: here an address is taken only from who has shown that it is theirs."),
        [ErrorCodes.WeakPassword] = new(422, "This password is too easy to guess", "Use 8 characters or more that are not a common password or your own name."),
        [ErrorCodes.WrongPassword] = new(403, "The current password is wrong", "Type the password you sign in with now."),
        [ErrorCodes.RegistrationClosed] = new(403, "This server takes no new accounts", "Ask an admin of this server to make room for you."),
        [ErrorCodes.InviteRequired] = new(403, "This server takes new accounts by invitation", "Ask a member of the staff for an invitation and send it as invite."),
        [ErrorCodes.InvalidInvite] = new(403, "The invitation is unknown, used up or expired", "Ask for a new one."),
        [ErrorCodes.InvalidSetupCode] = new(403, "The set-up code is wrong", "Read it from the server's output; without it the account is an ordinary one."),
        [ErrorCodes.InvalidRefreshToken] = new(401, "The refresh token is not valid", "Sign in again."),
        [ErrorCodes.RefreshReused] = new(401, "The refresh token was used before", "All sessions of its family are ended. Sign in again; change the password if it was not you."),
        [ErrorCodes.InvalidConfirmToken] = new(410, "The confirmation link is unknown, used or older than a day", "Register again; a new mail is sent."),
        [ErrorCodes.InvalidResetToken] = new(410, "The reset link is unknown, used or older than an hour", "Ask for a new link."),

        [ErrorCodes.UnsupportedImage] = new(415, "This is not an image we can show", "Send a PNG, JPEG, WebP, GIF or AVIF file."),
        [ErrorCodes.CannotTargetSelf] = new(422, "You cannot do this to yourself", "Name another person."),
        [ErrorCodes.LastAdmin] = new(409, "The server would be without an admin", "Make somebody else an admin first."),
        [ErrorCodes.NoRelease] = new(404, "No release has been published for this platform", "Publish one with POST /api/v1/updates/release."),
    };

    public static IReadOnlyCollection<string> Codes => Rows.Keys;

    public static Row Of(string code) => Rows[code];

    /// <summary>The code for a bare status that the framework answered.</summary>
    public static string CodeOf(int status) => status switch
    {
        400 => ErrorCodes.MalformedRequest,
        401 => ErrorCodes.NotAuthenticated,
        403 => ErrorCodes.Forbidden,
        404 => ErrorCodes.NotFound,
        405 => ErrorCodes.MethodNotAllowed,
        408 => ErrorCodes.RequestTimeout,
        409 => ErrorCodes.Conflict,
        413 => ErrorCodes.TooLarge,
        415 => ErrorCodes.UnsupportedMediaType,
        429 => ErrorCodes.RateLimited,
        503 => ErrorCodes.Unavailable,
        _ => status < 500 ? ErrorCodes.MalformedRequest : ErrorCodes.InternalError,
    };
}
