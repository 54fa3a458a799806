using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Users;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Http;
using Hypersend.Server.Platform.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Hypersend.Server.Features.Users;

/// <summary>Pictures of people: taken as raw bytes or as a form's file, given out so that nothing in them can run.</summary>
internal static class AvatarEndpoints
{
    // Room for a form's headers around the picture; the picture itself is measured by the use case.
    private const long BodyLimit = ChangeAvatar.MaxBytes + (64 * 1024);

    public static void MapAvatars(this IEndpointRouteBuilder users)
    {
        users.MapPut("/me/avatar", PutAvatar).WithSummary("Set my picture: PNG, JPEG, WebP, GIF or AVIF, at most 5 MB")
            .WithMetadata(new BodySize(BodyLimit));
        users.MapDelete("/me/avatar", DeleteAvatar).WithSummary("Remove my picture");
        users.MapMethods("/{id}/avatar", [HttpMethods.Get, HttpMethods.Head], GetAvatar).WithSummary("Somebody's picture").AllowMediaCookie()
            .Produces<Stream>(StatusCodes.Status200OK, "image/png", "image/jpeg", "image/webp", "image/gif", "image/avif");
    }

    private static async Task<Results<Ok<User>, Problem>> PutAvatar(
        Caller caller, HttpContext context, ChangeAvatar change, IUserStore users, PresenceTable presence)
    {
        var cancellation = context.RequestAborted;
        if (!(await OpenBodyAsync(context.Request, cancellation)).Succeeded(out var opened, out var unreadable))
            return new Problem(unreadable);
        await using var body = opened;
        if ((await change.SetAsync(caller.UserId, body, cancellation)).Failure is { } failure)
            return new Problem(failure);
        return await users.FindAsync(caller.UserId, caller.UserId, cancellation) is { } profile
            ? TypedResults.Ok(UserRules.Present(profile, Viewer.Of(caller), presence))
            : new Problem(new Failure(ErrorCodes.NotFound));
    }

    private static async Task<NoContent> DeleteAvatar(Caller caller, ChangeAvatar change, CancellationToken cancellation)
    {
        await change.RemoveAsync(caller.UserId, cancellation);
        return TypedResults.NoContent();
    }

    private static async Task<Results<FileStreamHttpResult, Problem>> GetAvatar(
        UserId id, IUserStore users, IAvatarFiles files, HttpContext context)
    {
        if (await users.FindAvatarAsync(id, context.RequestAborted) is not { } avatar
            || await files.OpenAsync(avatar.Hash, context.RequestAborted) is not { } bytes)
        {
            return new Problem(new Failure(ErrorCodes.NotFound));
        }

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "sandbox; default-src 'none'";

        // Only the address that names this very picture may be kept for ever: an old one would keep the new picture under a wrong name.
        headers.CacheControl = avatar.Hash.StartsWith(context.Request.Query["v"].ToString() is { Length: >= 16 } named ? named : "-", StringComparison.Ordinal)
            ? "private, max-age=31536000, immutable"
            : "private, no-cache";
        return TypedResults.Stream(bytes, avatar.Mime, entityTag: new EntityTagHeaderValue($"\"{avatar.Hash}\""));
    }

    private static async Task<Result<Stream>> OpenBodyAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!request.HasFormContentType)
            return request.Body;
        try
        {
            var form = await request.ReadFormAsync(cancellation);
            return form.Files.Count > 0
                ? form.Files[0].OpenReadStream()
                : Failure.OfField(ErrorCodes.ValidationFailed, "file", "is missing from the form");
        }
        catch (Exception exception) when (FormParts.IsMalformed(exception))
        {
            return Failure.OfField(ErrorCodes.MalformedRequest, "file", "is in a form that cannot be read");
        }
    }
}
