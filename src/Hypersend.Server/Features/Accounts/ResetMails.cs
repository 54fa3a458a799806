using System.Buffers.Text;
using System.Security.Cryptography;
using System.Threading.Channels;
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
internal sealed partial class ResetMails(
    IAccountStore accounts,
    Outbox outbox,
    ServerOptions server,
    LiveSettings settings,
    AccountOptions options,
    TimeProvider clock,
    ILogger<ResetMails> log)
    : BackgroundLoop(log)
{
    private const int Limit = 1_000;
    private const int TokenBytes = 24;

    private readonly Channel<string> _asked = Channel.CreateBounded<string>(
        new BoundedChannelOptions(Limit) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    public void Ask(string email) => _asked.Writer.TryWrite(email);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        await foreach (var email in _asked.Reader.ReadAllAsync(stopping))
        {
            try
            {
                await WriteAsync(email, stopping);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Failed(log, exception);
            }
        }
    }

    private async Task WriteAsync(string email, CancellationToken cancellation)
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

    [LoggerMessage(101, LogLevel.Warning, "A password reset could not be prepared")]
    private static partial void Failed(ILogger log, Exception exception);
}
