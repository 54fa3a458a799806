using Hypersend.Contracts.Accounts;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Platform;

public sealed class OutboxTests
{
    [Fact]
    public async Task A_letter_nobody_takes_holds_up_no_other_and_one_refused_for_good_is_not_tried_again()
    {
        await using var smtp = new FussySmtp();
        await using var app = await App.StartAsync("--SMTP_URL=" + smtp.Url);
        foreach (var name in new[] { "451-later", "550-never", "good" })
        {
            await app.RegisterAsync(new RegisterRequest { Username = name, Email = name + "@example.org", Password = Person.FirstPassword });
            await app.Anonymous().Accounts.ForgotPasswordAsync(new ForgotPasswordRequest { Email = name + "@example.org" });
            Assert.Equal(name + "@example.org", await NextAsync(smtp));
        }

        // The first pause is four seconds; nothing but the letter that was put off comes after it.
        Assert.Equal("451-later@example.org", await NextAsync(smtp));
        Assert.Contains(app.Logs.Lines, line => line.Message.Contains("SMTP 550", StringComparison.Ordinal));
        Assert.DoesNotContain(app.Logs.Lines, line => line.ToString().Contains("example.org", StringComparison.Ordinal));
    }

    private static async Task<string> NextAsync(FussySmtp smtp)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await smtp.Recipients.ReadAsync(patience.Token);
    }
}
