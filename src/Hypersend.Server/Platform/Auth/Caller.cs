using System.Security.Claims;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Users;

namespace Hypersend.Server.Platform.Auth;

/// <summary>Who asks: the person and their session. The role comes from the session, never from the token.</summary>
internal sealed class Caller(SessionState session, FileId? onlyUpload = null, bool onlyBytes = false) : ClaimsIdentity("session")
{
    public SessionState Session => session;

    /// <summary>The one upload that the caller's token opens; null for who signed in, and may do all that is theirs.</summary>
    public FileId? OnlyUpload => onlyUpload;

    /// <summary>Let in by the media cookie or a signed address: for the bytes of a file, and not for what is known of it.</summary>
    public bool OnlyBytes => onlyBytes;

    public UserId UserId => session.UserId;

    public SessionId SessionId => session.Id;

    public bool IsAdmin => session.Role == Roles.Admin;

    /// <summary>Binds the parameter of a handler; only handlers behind the sign-in have one.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context) => ValueTask.FromResult(Of(context));

    public static Caller? Of(HttpContext context) => context.User.Identity as Caller;
}
