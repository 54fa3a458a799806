using Hypersend.Contracts.Errors;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Platform.Http;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;

namespace Hypersend.Server.Features.Links;

/// <summary>/s: the page of a link and its bytes. A browser gets pages, a program the errors that it knows from everywhere.</summary>
internal static class VisitEndpoints
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void MapVisits(this WebApplication app)
    {
        var visits = app.MapGroup(LinkEndpoints.Root).AllowAnonymous().LimitedBy(RateLimitTable.Links).ExcludeFromDescription();
        visits.MapMethods("/{token}", Reading, ShowAsync);
        visits.MapPost("/{token}", UnlockAsync);
        visits.MapMethods("/{token}/download", Reading, DownloadAsync);
    }

    private static async Task ShowAsync(HttpContext context, string token, VisitLink visit, LinkPage page, LinkCookies cookies)
    {
        if (!(await visit.FindAsync(token, context.RequestAborted)).Succeeded(out var found, out var failure))
        {
            await RefuseAsync(context, page, failure);
            return;
        }

        if (await visit.RefuseAsync(context, found.Link) is { } refusal)
        {
            // Without a word about the password the form asks for it; a wrong one is an error also here.
            await (refusal is { Code: ErrorCodes.LinkPassword, Detail: null } ? page.AskAsync(context, token, null) : RefuseAsync(context, page, refusal));
            return;
        }

        // Where the button would fetch nothing, the page says so.
        if (await visit.LookAsync(context, found.Link) is { } spent)
        {
            await RefuseAsync(context, page, spent);
            return;
        }

        cookies.MakeVisitor(context);
        await page.ShowAsync(context, token, found);
    }

    private static async Task UnlockAsync(HttpContext context, string token, VisitLink visit, LinkPage page, LinkCookies cookies)
    {
        if (!(await visit.FindAsync(token, context.RequestAborted)).Succeeded(out var found, out var failure))
        {
            await RefuseAsync(context, page, failure);
            return;
        }

        if (!(await ReadPasswordAsync(context)).Succeeded(out var password, out var unread))
        {
            await RefuseAsync(context, page, unread);
            return;
        }

        if (found.Link.PasswordHash is not null)
        {
            if (await visit.TryPasswordAsync(context, found.Link, password) is { } refusal)
            {
                await (WantsPage(context) ? page.AskAsync(context, token, refusal) : Problem.WriteAsync(context, refusal));
                return;
            }

            cookies.GivePass(context, token, found.Link.Id);
        }

        GoToPage(context, token);
    }

    private static async Task<Result<string>> ReadPasswordAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
            return "";
        try
        {
            return (await context.Request.ReadFormAsync(context.RequestAborted))["password"].ToString();
        }
        catch (Exception exception) when (FormParts.IsMalformed(exception))
        {
            return Failure.OfField(ErrorCodes.MalformedRequest, "password", "cannot be read: the form is malformed");
        }
    }

    private static async Task DownloadAsync(HttpContext context, string token, VisitLink visit, LinkPage page, SendFile send)
    {
        if (!(await visit.FindAsync(token, context.RequestAborted)).Succeeded(out var found, out var failure))
        {
            await RefuseAsync(context, page, failure);
            return;
        }

        if (await visit.RefuseAsync(context, found.Link) is { } refusal)
        {
            // Somebody with a browser is asked by the page, and a program by HTTP.
            context.Response.OnStarting(() =>
            {
                if (context.Response.StatusCode == StatusCodes.Status401Unauthorized)
                    context.Response.Headers.WWWAuthenticate = "Basic realm=\"link\", charset=\"UTF-8\"";
                return Task.CompletedTask;
            });
            if (WantsPage(context) && refusal is { Code: ErrorCodes.LinkPassword, Detail: null })
                GoToPage(context, token);
            else
                await RefuseAsync(context, page, refusal);
            return;
        }

        // Whoever only asks about it has not fetched it.
        var taken = HttpMethods.IsHead(context.Request.Method) ? visit.Nobody(token, found.Link) : await visit.TakeAsync(context, token, found.Link);
        if (!taken.Succeeded(out var who, out var ungranted))
        {
            await RefuseAsync(context, page, ungranted);
            return;
        }

        if (await send.HandleAsync(context, found.File, who) is { } unsent)
            await RefuseAsync(context, page, unsent);
    }

    private static void GoToPage(HttpContext context, string token)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = $"{LinkEndpoints.Root}/{Uri.EscapeDataString(token)}";
    }

    /// <summary>What may not be fetched, in the form that the visitor understands.</summary>
    public static Task RefuseAsync(HttpContext context, LinkPage page, Failure failure) =>
        WantsPage(context) && LinkPage.Knows(failure) ? page.RefuseAsync(context, failure) : Problem.WriteAsync(context, failure);

    private static bool WantsPage(HttpContext context) => context.Request.GetTypedHeaders().Accept.Any(type => type.MediaType == "text/html");
}
