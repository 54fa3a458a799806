using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Hypersend.Server.Platform.Mail;

namespace Hypersend.Server.Engines.Mail;

/// <summary>A mail server by SMTP, with STARTTLS when asked.</summary>
internal sealed class SmtpMailer(SmtpUrl server, string from) : IMailer
{
    private const int FirstPermanent = 500;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public string Name => "smtp";

    public async Task SendAsync(Letter letter, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Patience);
        using var message = new MailMessage(new MailAddress(from), MailHeader.Recipient(letter.To))
        {
            Subject = MailHeader.Line(letter.Subject),
            SubjectEncoding = Encoding.UTF8,
            Body = letter.Text,
            BodyEncoding = Encoding.UTF8,
            BodyTransferEncoding = TransferEncoding.Base64,
        };
        if (letter.Unsubscribe is { } way)
        {
            message.Headers.Add("List-Unsubscribe", $"<{way.AbsoluteUri}>");
            message.Headers.Add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }

        using var client = new SmtpClient(server.Host, server.Port)
        {
            EnableSsl = server.StartTls,
            DeliveryFormat = SmtpDeliveryFormat.International,
            Credentials = server.User is null ? null : new NetworkCredential(server.User, server.Password),
        };
        try
        {
            await client.SendMailAsync(message, deadline.Token);
        }
        catch (SmtpException refusal) when ((int)refusal.StatusCode >= FirstPermanent)
        {
            // The status alone: the server's words quote the address.
            throw new LetterRefusedException($"SMTP {(int)refusal.StatusCode}", refusal);
        }
    }
}
