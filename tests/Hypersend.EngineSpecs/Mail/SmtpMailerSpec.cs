using System.Net;
using System.Net.Mail;
using System.Net.Sockets;
using Hypersend.Server.Engines.Mail;
using Hypersend.Server.Platform.Mail;

namespace Hypersend.EngineSpecs.Mail;

public sealed class SmtpMailerSpec : MailerSpec
{
    private const string Variable = "HYPERSEND_TEST_SMTP";

    private protected override IMailer Mailer => new SmtpMailer(SmtpUrl.Parse(Needed(Variable))!, From);

    private protected override string Folder => Path.Combine(Needed(Variable + "_DIR"), "new");

    [Fact]
    public async Task The_envelope_names_the_sender_and_the_one_recipient()
    {
        var mail = await SendAsync("Hello", "text");
        Assert.Equal(From, mail["x-mailfrom"]);
        Assert.Equal(mail["to"], mail["x-rcptto"]);
    }

    [Fact]
    public async Task A_server_that_is_down_or_hangs_up_is_told()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var mailer = new SmtpMailer(SmtpUrl.Parse($"smtp://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}")!, From);
        var letter = new Letter("ana@example.org", "Hello", "text");

        var sending = mailer.SendAsync(letter, TestContext.Current.CancellationToken);
        using (await listener.AcceptSocketAsync(TestContext.Current.CancellationToken))
        {
        }

        await Assert.ThrowsAsync<SmtpException>(() => sending);
        listener.Stop();
        await Assert.ThrowsAsync<SmtpException>(() => mailer.SendAsync(letter, TestContext.Current.CancellationToken));
    }

    private static string Needed(string variable)
    {
        var value = Environment.GetEnvironmentVariable(variable);
        Assert.SkipWhen(string.IsNullOrEmpty(value), $"An SMTP server is absent: {variable} is not set");
        return value!;
    }
}
