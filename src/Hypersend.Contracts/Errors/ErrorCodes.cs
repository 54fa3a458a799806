namespace Hypersend.Contracts.Errors;

/// <summary>The stable word in the <c>code</c> of every error. The server's table gives each its status, title and hint.</summary>
public static class ErrorCodes
{
    public const string MalformedBody = "malformed_body";
    public const string MalformedRequest = "malformed_request";
    public const string ValidationFailed = "validation_failed";
    public const string InvalidText = "invalid_text";
    public const string InvalidCursor = "invalid_cursor";
    public const string InvalidQuery = "invalid_query";
    public const string SearchOff = "search_off";
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

    public const string LastOwner = "last_owner";
    public const string Blocked = "blocked";
    public const string RefusedByPrivacy = "refused_by_privacy";
    public const string Banned = "banned";
    public const string InvalidChatInvite = "invalid_chat_invite";
    public const string NoSuchPerson = "no_such_person";
    public const string FixedMembers = "fixed_members";
    public const string ChatFull = "chat_full";
    public const string NotSent = "not_sent";
    public const string MessageDeleted = "message_deleted";
    public const string EmptyMessage = "empty_message";
    public const string UnknownReference = "unknown_reference";
    public const string TooManyReactions = "too_many_reactions";
    public const string TooManyScheduled = "too_many_scheduled";

    public const string NotForwardable = "not_forwardable";
    public const string FileTooLarge = "file_too_large";
    public const string InvalidFilename = "invalid_filename";
    public const string MediaTypeRefused = "media_type_refused";
    public const string QuotaExceeded = "quota_exceeded";
    public const string InsufficientStorage = "insufficient_storage";
    public const string TooManyUploads = "too_many_uploads";
    public const string ChunkOutOfRange = "chunk_out_of_range";
    public const string WrongLength = "wrong_length";
    public const string ChecksumMismatch = "checksum_mismatch";
    public const string ChunkConflict = "chunk_conflict";
    public const string ChunkSuperseded = "chunk_superseded";
    public const string ChunksMissing = "chunks_missing";
    public const string UploadExpired = "upload_expired";
    public const string UploadClosed = "upload_closed";
    public const string FileGone = "file_gone";
    public const string FileDamaged = "file_damaged";
    public const string FileNotReady = "file_not_ready";
    public const string LinkGone = "link_gone";
    public const string LinkPassword = "link_password";
    public const string TooManyLinks = "too_many_links";
    public const string TransferEnded = "transfer_ended";
    public const string TooManyTransfers = "too_many_transfers";
    public const string PreconditionFailed = "precondition_failed";
    public const string RangeNotSatisfiable = "range_not_satisfiable";
    public const string NotYetHere = "not_yet_here";
    public const string TooManyDownloads = "too_many_downloads";
    public const string TooManyFiles = "too_many_files";
    public const string InvalidUrl = "invalid_url";

    public const string TusVersion = "tus_version";
    public const string OffsetMismatch = "offset_mismatch";
    public const string UnknownChecksum = "unknown_checksum";
    public const string UploadChecksumMismatch = "upload_checksum_mismatch";
    public const string UploadJoined = "upload_joined";
    public const string PartsUnfinished = "parts_unfinished";

    public const string UpgradeRequired = "upgrade_required";
    public const string MalformedFrame = "malformed_frame";
    public const string UnknownFrame = "unknown_frame";
}
