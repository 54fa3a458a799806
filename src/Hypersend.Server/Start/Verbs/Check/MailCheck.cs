using System.Runtime.CompilerServices;
using System.Text;
using Hypersend.Server.Engines.Mail;
using Hypersend.Server.Features.Accounts;
using Hypersend.Server.Platform.Mail;

namespace Hypersend.Server.Start.Verbs.Check;

/// <summary>The mail server lets us in. A mail is sent only to the address that --mail-to names.</summary>
internal sealed class MailCheck : ICheck
{
    public string Name => "mail";

    public string Fix => "Look at SMTP_URL: host, port (587 with STARTTLS; 465 is not spoken), user and password, tls=.";

    public async IAsyncEnumerable<Finding> LookAsync(Site site, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (site.Settings.Text("SMTP_URL") is not { } text || SmtpUrl.Parse(text) is not { } url)
        {
            var folder = Path.Combine(site.Server.DataRoot, "mail");
            yield return site.Get<AccountOptions>().ConfirmMail
                ? Finding.Wrong("mail", $"CONFIRM_MAIL is on and mails are files in {folder}", "Nobody can confirm an address. Set SMTP_URL, or CONFIRM_MAIL=off.")
                : Finding.Warning("mail", $"SMTP_URL is not set: mails are files in {folder}", "Nobody can reset a forgotten password by mail. Set SMTP_URL; until then, hypersend-server user reset-password.");
            yield break;
        }

        await using (var talk = new SmtpTalk())
        {
            var greeting = await talk.ConnectAsync(url.Host, url.Port, cancellation);
            var hello = greeting.IsGood ? await talk.SayAsync("EHLO " + site.Server.PublicUrl.IdnHost, cancellation) : greeting;
            yield return Finding.Judge(hello.IsGood, "mail.server", hello.IsGood ? $"{url} answers" : $"{url} says {hello}", Fix);
            if (!hello.IsGood)
                yield break;
            if (url.StartTls)
            {
                var isTls = hello.Offers("STARTTLS") && (await talk.SayAsync("STARTTLS", cancellation)).IsGood;
                if (isTls)
                {
                    await talk.StartTlsAsync(url.Host, cancellation);
                    hello = await talk.SayAsync("EHLO " + site.Server.PublicUrl.IdnHost, cancellation);
                }

                yield return Finding.Judge(isTls, "mail.tls", isTls ? "STARTTLS, with a certificate that is good" : "offers no STARTTLS", "Use the submission port, 587 most of the time; tls=off only inside one machine.");
                if (!isTls)
                    yield break;
            }

            if (url.User is not null)
                yield return await SignInAsync(talk, hello, url, cancellation);
            await talk.SayAsync("QUIT", cancellation);
        }

        if (site.MailTo is not { } to)
            yield break;
        var letter = new Letter(to, "A letter of hypersend-server check", $"The server at {site.Server.PublicUrl} can send mail.\n");
        await site.Get<IMailer>().SendAsync(letter, cancellation);
        yield return Finding.Ok("mail.letter", $"was taken for {to}: look whether it arrives, and not among the spam");
    }

    private static async Task<Finding> SignInAsync(SmtpTalk talk, SmtpTalk.Reply hello, SmtpUrl url, CancellationToken cancellation)
    {
        var (user, password) = (url.User!, url.Password ?? "");
        var reply = hello.Lines.Any(line => line.StartsWith("AUTH", StringComparison.OrdinalIgnoreCase)) && !hello.Offers("LOGIN")
            ? await talk.SayAsync("AUTH PLAIN " + Base64($"\0{user}\0{password}"), cancellation)
            : await LogInAsync(talk, user, password, cancellation);
        return Finding.Judge(
            reply.IsGood, "mail.login", reply.IsGood ? "user and password are right" : $"refuses user or password: {reply}",
            "Correct them in SMTP_URL; characters such as @ : / are written %40 %3A %2F.");
    }

    // What the framework's own client prefers, which sends the letters.
    private static async Task<SmtpTalk.Reply> LogInAsync(SmtpTalk talk, string user, string password, CancellationToken cancellation)
    {
        var reply = await talk.SayAsync("AUTH LOGIN", cancellation);
        foreach (var part in new[] { user, password })
        {
            if (!reply.IsGood)
                break;
            reply = await talk.SayAsync(Base64(part), cancellation);
        }

        return reply;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
