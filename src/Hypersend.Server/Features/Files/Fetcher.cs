using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Auth;

namespace Hypersend.Server.Features.Files;

/// <summary>
/// Who fetches bytes, and how to ask again whether they still may: <paramref name="LookAsync"/> answers with the file as it is
/// now, and with null when there is none for them (any more).
/// </summary>
/// <param name="Grantee">As <see cref="DownloadGrants"/> names them.</param>
/// <param name="Person">Null for who has no account.</param>
/// <param name="LookAsync">Asked before the first byte and every few seconds.</param>
internal sealed record Fetcher(string Grantee, UserId? Person, Func<FileId, CancellationToken, ValueTask<FileRow?>> LookAsync)
{
    /// <summary>Somebody signed in: as long as their session lives and they may see the file.</summary>
    public static Fetcher Of(Caller caller, SessionCache sessions, IFileStore files) => new(
        $"u:{caller.UserId}",
        caller.UserId,
        async (id, cancellation) => await sessions.FindAsync(caller.SessionId, cancellation) is null ? null : await files.FindAsync(caller.UserId, id, cancellation));
}
