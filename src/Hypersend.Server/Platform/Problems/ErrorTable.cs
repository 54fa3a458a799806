using Hypersend.Contracts.Errors;

namespace Hypersend.Server.Platform.Problems;

/// <summary>The one table from a code to its HTTP status, its title, and the hint that says what to do.</summary>
internal static class ErrorTable
{
    public sealed record Row(int Status, string Title, string Hint);

    private static readonly Dictionary<string, Row> Rows = new(StringComparer.Ordinal)
    {
        [ErrorCodes.MalformedBody] = new(400, "The body is not the JSON this call expects", "Send valid UTF-8 JSON with Content-Type: application/json; see /docs for the shape."),
        [ErrorCodes.MalformedRequest] = new(400, "The request is malformed", "Correct the parameter that errors names; check the address and the headers against /docs."),
        [ErrorCodes.InvalidCursor] = new(400, "The cursor is not one of ours", "Use next_cursor exactly as the last answer gave it, or leave cursor out to start again."),
        [ErrorCodes.InvalidQuery] = new(422, "An operator of the search cannot be understood", "Correct the operator that errors.q names, or put the text into quotation marks."),
        [ErrorCodes.SearchOff] = new(409, "This node keeps no search index", "Ask the node that keeps it, or set SEARCH_INDEX=on here."),
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
        [ErrorCodes.LastOwner] = new(409, "The chat would be without an owner", "Make another member an owner first."),
        [ErrorCodes.Blocked] = new(403, "This person does not take messages from you", "Nothing was sent. Talk to them in a group you share."),
        [ErrorCodes.RefusedByPrivacy] = new(403, "One of these people lets only some write to them, or add them", "Ask them to write to you first, or send them an invitation."),
        [ErrorCodes.Banned] = new(403, "You may not come back to this chat", "Ask one of its admins."),
        [ErrorCodes.InvalidChatInvite] = new(410, "The invitation is unknown, used up, withdrawn or expired", "Ask for a new one."),
        [ErrorCodes.NoSuchPerson] = new(422, "One of these people does not exist", "Check the ids; an account may have been deleted."),
        [ErrorCodes.FixedMembers] = new(409, "The members of this chat do not change", "Make a group to talk with more people."),
        [ErrorCodes.ChatFull] = new(409, "The chat has as many members as it can have", "Use a channel, or remove somebody first."),
        [ErrorCodes.NotSent] = new(409, "The message is being sent or was sent already", "Look for it in the chat."),
        [ErrorCodes.MessageDeleted] = new(409, "The message was deleted", "Nothing can be done to it any more."),
        [ErrorCodes.EmptyMessage] = new(422, "The message says nothing", "Write something, or add a file."),
        [ErrorCodes.UnknownReference] = new(422, "A message that this one refers to is not there", "Refer to a message that you can see: reply_to and thread in the same chat, forward_of in any of yours."),
        [ErrorCodes.TooManyReactions] = new(409, "The message has as many different reactions as it can have", "Use one of those that are there."),
        [ErrorCodes.TooManyScheduled] = new(409, "Too many messages of yours are waiting for their time", "Send or delete some of them first."),

        [ErrorCodes.NotForwardable] = new(409, "This file may not be passed on", "Its sender wanted it to go after a time or after delivery. Ask them to send it to the others."),
        [ErrorCodes.FileTooLarge] = new(413, "The file is larger than this server takes", "max_size says how large a file may be; an admin can raise MAX_FILE_SIZE."),
        [ErrorCodes.InvalidFilename] = new(422, "Nothing is left of this file name", "Give it a name with at least one letter or digit."),
        [ErrorCodes.MediaTypeRefused] = new(415, "This server does not take files of this type", "An admin can change ALLOWED_MIME_TYPES."),
        [ErrorCodes.QuotaExceeded] = new(507, "Your files would take more space than you have", "Delete files that are not needed, or ask an admin of this server for more."),
        [ErrorCodes.InsufficientStorage] = new(507, "The server has no room for this file", "Nothing was kept. Ask an admin of this server to make room."),
        [ErrorCodes.TooManyUploads] = new(409, "Too many uploads of yours are open", "Finish or cancel some of them first; GET /files/list shows them."),
        [ErrorCodes.ChunkOutOfRange] = new(422, "The upload has no such chunk", "Chunks count from 0; init says how many there are."),
        [ErrorCodes.WrongLength] = new(422, "The chunk does not have the length it should have", "Nothing was kept. Send exactly chunk_size bytes; the last chunk has what is left."),
        [ErrorCodes.ChecksumMismatch] = new(422, "The bytes are not those that the checksum names", "Nothing was kept of them. Send them again; if it happens again, the file changes while it is read."),
        [ErrorCodes.ChunkConflict] = new(409, "This chunk is here already, with other bytes", "The file changed during the upload. Cancel it and begin anew."),
        [ErrorCodes.ChunkSuperseded] = new(409, "The same chunk was sent again meanwhile", "Nothing needs to be done: the other request answers for it."),
        [ErrorCodes.ChunksMissing] = new(409, "Some chunks are not here yet", "Send those in missing, then complete again."),
        [ErrorCodes.UploadExpired] = new(410, "The upload was not finished in time", "Begin a new one."),
        [ErrorCodes.UploadClosed] = new(409, "The upload is not open any more", "It was completed or cancelled; its status says which."),
        [ErrorCodes.FileGone] = new(410, "The file is not here any more", "Its time was over, or its owner deleted it. Ask them to send it again."),
        [ErrorCodes.FileDamaged] = new(500, "What is stored of this file is damaged", "Trying again does not help. Tell the people who run the server; they may have a backup."),
        [ErrorCodes.FileNotReady] = new(409, "The file is still on its way", "Wait for file.ready, then repeat the call."),
        [ErrorCodes.LinkGone] = new(410, "This link has expired or was used up", "Ask whoever sent it for a new one."),
        [ErrorCodes.LinkPassword] = new(401, "This link has a password", "Send it as the password of HTTP Basic, with any user name: curl -u :password."),
        [ErrorCodes.TooManyLinks] = new(409, "The file has as many links as it can have", "Delete some of them first."),
        [ErrorCodes.TransferEnded] = new(409, "The transfer is over", "Offer the file again."),
        [ErrorCodes.TooManyTransfers] = new(409, "Too many of your offers are open", "Cancel some of them, or wait until they are taken."),
        [ErrorCodes.PreconditionFailed] = new(412, "The file is not the one you meant", "It is another than the condition names. Ask without the condition, or fetch it anew."),
        [ErrorCodes.RangeNotSatisfiable] = new(416, "The file has no such bytes", "Content-Range says how many it has; ask for a range inside."),
        [ErrorCodes.NotYetHere] = new(503, "These bytes are still on their way", "Nothing of the file came for a minute. Ask again later, from where you stopped."),
        [ErrorCodes.TooManyDownloads] = new(429, "Too many downloads of yours are running", "Let one of them end, then ask again."),
        [ErrorCodes.TooManyFiles] = new(422, "These are too many files for one ZIP", "Name at most 5,000 of them in ids."),
        [ErrorCodes.InvalidUrl] = new(401, "This address is not valid any more", "Get a new one with GET /api/v1/files/{file_id}/url."),

        [ErrorCodes.TusVersion] = new(412, "This server speaks tus 1.0.0", "Send Tus-Resumable: 1.0.0; OPTIONS says what else there is."),
        [ErrorCodes.OffsetMismatch] = new(409, "The upload does not end there", "Ask for Upload-Offset with HEAD and go on from it."),
        [ErrorCodes.UnknownChecksum] = new(400, "This checksum algorithm is not known here", "Use one of those in Tus-Checksum-Algorithm."),
        [ErrorCodes.UploadChecksumMismatch] = new(460, "The bytes are not those that Upload-Checksum names", "Nothing of the request was kept. Send it again."),
        [ErrorCodes.UploadJoined] = new(403, "A file that was made of parts takes no bytes", "Make a new upload."),
        [ErrorCodes.PartsUnfinished] = new(400, "Not all parts are finished", "Send the rest of them, then put them together."),

        [ErrorCodes.UpgradeRequired] = new(426, "This address speaks WebSocket", "Open it with a WebSocket client (version 13); docs/protocol.md says how to sign in."),
        [ErrorCodes.MalformedFrame] = new(400, "The frame is not what the socket expects", "Send text frames with one JSON object, or an array of them, each with its type and fields as docs/protocol.md has them."),
        [ErrorCodes.UnknownFrame] = new(400, "The socket does not know this type", "Check the spelling of type; see docs/protocol.md."),
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
        412 => ErrorCodes.PreconditionFailed,
        413 => ErrorCodes.TooLarge,
        415 => ErrorCodes.UnsupportedMediaType,
        416 => ErrorCodes.RangeNotSatisfiable,
        429 => ErrorCodes.RateLimited,
        503 => ErrorCodes.Unavailable,
        _ => status < 500 ? ErrorCodes.MalformedRequest : ErrorCodes.InternalError,
    };
}
