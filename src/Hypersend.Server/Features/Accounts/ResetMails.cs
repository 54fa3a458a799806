using System.Buffers.Text;
using System.Security.Cryptography;
using Hypersend.Server.Features.Admin;
using Hypersend.Server.Platform;
using Hypersend.Server.Platform.Mail;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Platform.Settings;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Features.Accounts;

/// <summary>
/// Looks addresses up and writes the reset mails beside the requests: the answer to "forgot" is the same, and as fast,
/// whether or not anybody has that address.
/// </summary>
internal sealed class ResetMails(
    IAccountStore accounts,
    Outbox outbox,
    ServerOptions server,
    LiveSettings settings,
    AccountOptions options,
    TimeProvider clock,
    ILogger<ResetMails> log)
    : BackgroundQueue<string>(Limit, log)
{
    private const int Limit = 1_000;
    private const int TokenBytes = 24;

    protected override async Task DoAsync(string email, CancellationToken cancellation)
    {
        if (await accounts.FindByLoginAsync(NameForm.Of(email.Trim()), cancellation) is not { Disabled: false, Email: { } address } account)
            return;
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        var now = clock.GetUtcNow();
        if (!await accounts.AddResetAsync(account.Id, OneTimeSecret.HashOf(token), now.AddMinutes(options.ResetMinutes), now, cancellation))
            return;

        // The token stands behind #, which a browser keeps to itself: it is in no server's log and in no Referer.
        var link = new Uri(server.PublicUrl, $"/reset#token={token}");
        outbox.TryPost(new Letter(address, $"{settings.BrandName}: reset your password",
            $"""
            Hello {account.Username},

            somebody, most likely you, asked for a new password on {settings.BrandName}.
            Open this link within {options.ResetMinutes} minutes to choose one:

            {link}

            All your devices will be signed out. If it was not you, ignore this mail: nothing has changed.

            """));
    }
}
