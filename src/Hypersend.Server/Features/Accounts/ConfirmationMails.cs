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
/// Writes the mails of registrations beside the requests: an address that has an account gets a mail too, and the one who
/// registers cannot tell the difference.
/// </summary>
internal sealed class ConfirmationMails(
    IAccountStore accounts, Outbox outbox, ServerOptions server, LiveSettings settings, AccountOptions options, ILogger<ConfirmationMails> log)
    : BackgroundQueue<PendingAccount>(Limit, log)
{
    private const int Limit = 1_000;
    private const int TokenBytes = 24;

    protected override async Task DoAsync(PendingAccount pending, CancellationToken cancellation)
    {
        if (await accounts.FindByLoginAsync(NameForm.Of(pending.Email), cancellation) is { Email: { } known } account)
        {
            outbox.TryPost(new Letter(known, $"{settings.BrandName}: you have an account already", KnownText(account.Username)));
            return;
        }

        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        await accounts.AddPendingAsync(pending with { TokenHash = OneTimeSecret.HashOf(token) }, cancellation);
        var link = new Uri(server.PublicUrl, $"/confirm#token={token}");
        outbox.TryPost(new Letter(pending.Email, $"{settings.BrandName}: confirm your e-mail address", NewText(pending.Username, link)));
    }

    private string NewText(string username, Uri link) =>
        $"""
        Hello {username},

        somebody, most likely you, registered on {settings.BrandName} with this address.
        Open this link within {options.ConfirmHours} hours to confirm it:

        {link}

        If it was not you, ignore this mail: there is no account without it.

        """;

    private string KnownText(string username) =>
        $"""
        Hello {username},

        somebody, most likely you, tried to register on {settings.BrandName} with this address, which has an account already.
        Sign in with it, or choose a new password:

        {new Uri(server.PublicUrl, "/forgot")}

        If it was not you, ignore this mail: nothing has changed.

        """;
}
