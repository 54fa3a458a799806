using Hypersend.Contracts.Server;
using Hypersend.Server.Features.Accounts;
using Hypersend.Server.Platform;
using Hypersend.Server.Platform.Mail;
using Hypersend.Server.Platform.RateLimits;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hypersend.Server.Features.Admin;

/// <summary>/server: what the sign-in page needs to know before anybody is signed in.</summary>
internal static class ServerCardEndpoint
{
    public static void MapServerCard(this IEndpointRouteBuilder api) =>
        api.MapGet("/server", GetCard).WithTags("Server").WithSummary("Name, colour and registration of this server").AllowAnonymous().LimitedBy(RateLimitTable.Open);

    private static async Task<Ok<ServerCard>> GetCard(
        HttpContext context, LiveSettings settings, IAdminStore store, AccountOptions accounts, MailOptions mail, CancellationToken cancellation)
    {
        var needsCode = !settings.HasAdmin
            && RegistrationRules.NeedsSetupCode(Device.Of(context).IsThisMachine, await store.AnyAccountAsync(cancellation), anyAdmin: false);
        return TypedResults.Ok(new ServerCard
        {
            Name = settings.BrandName,
            BrandColor = settings.BrandColor,
            Version = ServerVersion.Text,
            Registration = settings.Registration,
            NeedsSetup = !settings.HasAdmin,
            NeedsSetupCode = needsCode,
            ConfirmsMail = accounts.ConfirmMail && settings.HasAdmin,
            SendsDigests = mail.Digests,
        });
    }
}
