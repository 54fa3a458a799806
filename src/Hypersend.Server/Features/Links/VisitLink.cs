using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Accounts;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Platform.Auth.Passwords;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Features.Links;

/// <summary>Somebody without an account comes to a link: is it good, is theirs the right password, do they count.</summary>
internal sealed class VisitLink(ILinkStore store, ILoginAttempts attempts, PasswordHasher hasher, LinkCookies cookies, LinkProofs proofs, ServerOptions options, TimeProvider clock)
{
    private static readonly TimeSpan SameVisit = TimeSpan.FromHours(1);
    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(5);

    /// <summary>The link behind a token while it is good.</summary>
    public async Task<Result<FoundLink>> FindAsync(string token, CancellationToken cancellation)
    {
        if (token.Length > 100 || await store.FindAsync(OneTimeSecret.HashOf(token), cancellation) is not { } found)
            return new Failure(ErrorCodes.NotFound);
        return found.IsOver(clock.GetUtcNow()) ? new Failure(found.File.EndedAt is null ? ErrorCodes.LinkGone : ErrorCodes.FileGone) : found;
    }

    /// <summary>Null when the visitor has shown the password, by the form before or with this very request; or needs none.</summary>
    public async Task<Failure?> RefuseAsync(HttpContext context, LinkRow link)
    {
        if (link.PasswordHash is null || cookies.HasPass(context, link.Id))
            return null;
        return PasswordOf(context.Request) is { } password ? await TryPasswordAsync(context, link, password) : new Failure(ErrorCodes.LinkPassword);
    }

    /// <summary>Null when the password is right. Guessing slows down for the guesser, as it does at the sign-in.</summary>
    public async Task<Failure?> TryPasswordAsync(HttpContext context, LinkRow link, string password)
    {
        if (proofs.Has(link, password))
            return null;
        var network = ClientNetwork.NetworkOf(context.Connection.RemoteIpAddress ?? IPAddress.None);
        var attempt = new LoginAttempt(SHA256.HashData(Encoding.UTF8.GetBytes($"link:{link.Id}")), network);
        if (options.RateLimitsOn && await attempts.TakeAsync(attempt, clock.GetUtcNow(), context.RequestAborted) is { } wait)
            return new Failure(ErrorCodes.TooManyFailures) { RetryAfter = wait };
        if (password.Contains('\0', StringComparison.Ordinal) || await hasher.VerifyAsync(password, link.PasswordHash, context.RequestAborted) == PasswordVerdict.Wrong)
            return new Failure(ErrorCodes.LinkPassword, "The password is wrong.");
        if (options.RateLimitsOn)
            await attempts.ForgetAsync(attempt, context.RequestAborted);
        proofs.Add(link, password);
        return null;
    }

    /// <summary>Null when this visitor may fetch; nothing is counted yet.</summary>
    public async Task<Failure?> LookAsync(HttpContext context, LinkRow link)
    {
        var (visitor, counted) = WhoIs(context, clock.GetUtcNow());
        return await store.LookAsync(link.Id, visitor, counted, context.RequestAborted);
    }

    /// <summary>Counts the visitor, and gives as whom they fetch.</summary>
    public async Task<Result<Fetcher>> TakeAsync(HttpContext context, string token, LinkRow link)
    {
        var now = clock.GetUtcNow();
        var (visitor, counted) = WhoIs(context, now);
        if (await store.TakeAsync(link.Id, visitor, counted, now, context.RequestAborted) is { } refusal)
            return refusal;
        var seen = now;
        return new Fetcher(Taker.Of(link.Id, visitor).Key, Person: null, async (id, cancellation) =>
        {
            // A download may take longer than a visit; whoever goes on with it is still the same visitor.
            if (clock.GetUtcNow() is var at && at - seen >= SeenEvery)
                await store.SeenAsync(link.Id, visitor, seen = at, cancellation);
            return await LookAsync(token, id, cancellation);
        });
    }

    /// <summary>Somebody who takes nothing.</summary>
    public Fetcher Nobody(string token, LinkRow link) => new(Taker.Of(link.Id, "nobody").Key, Person: null, (id, cancellation) => LookAsync(token, id, cancellation));

    /// <summary>The file while a download by the link may go on.</summary>
    private async ValueTask<FileRow?> LookAsync(string token, FileId id, CancellationToken cancellation) =>
        (await FindAsync(token, cancellation)).Succeeded(out var found, out _) && found.File.Id == id ? found.File : null;

    /// <summary>The visitor's name, and since when they count if a visit of theirs grows old.</summary>
    private (string Visitor, DateTimeOffset? Counted) WhoIs(HttpContext context, DateTimeOffset now) =>
        cookies.VisitorOf(context) is { } cookie ? ("c:" + cookie, null) : ("a:" + ClientHash(context), now - SameVisit);

    // Who keeps no cookies is told apart by what there is: the address and the program.
    private static string ClientHash(HttpContext context) => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes($"{context.Connection.RemoteIpAddress}\n{context.Request.Headers.UserAgent}"))[..16]);

    private static string? PasswordOf(HttpRequest request)
    {
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization.ToString(), out var header) ||
            !header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) || header.Parameter is null)
            return null;
        var bytes = new byte[header.Parameter.Length];
        if (!Convert.TryFromBase64String(header.Parameter, bytes, out var length))
            return null;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        return text.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? text[(colon + 1)..] : null;
    }
}
