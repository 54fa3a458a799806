using System.Security.Cryptography;
using Hypersend.Server.Platform.Mail;

namespace Hypersend.EngineSpecs.Mail;

/// <summary>IMailer: what is written arrives, at one person, and nothing a person typed becomes a header.</summary>
public abstract class MailerSpec : IDisposable
{
    private protected const string From = "hypersend@example.org";

    private protected ScratchFolder Scratch { get; } = new();

    private protected abstract IMailer Mailer { get; }

    /// <summary>The folder in which each letter that arrived is a file.</summary>
    private protected abstract string Folder { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Scratch.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("Reset your password", "Open this link:\n\nhttps://example.org/reset#token=abc_DEF-123\n")]
    [InlineData("Größe über ÄÖÜß", "Grüße\naus Köln\n")]
    [InlineData("パスワードの再設定のお知らせ：お使いのアカウントのパスワードを変更してください 🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈", "こんにちは 🎈\n.\n..\n.leading dot\n")]
    [InlineData("إعادة تعيين كلمة المرور", "שלום\u200F\nFrom here on\nFrom: nobody\n")]
    [InlineData("A question = ? and an answer =!", "no line break at the end")]
    public async Task Subject_and_text_arrive_as_they_were_written(string subject, string text)
    {
        var mail = await SendAsync(subject, text);
        Assert.Equal(subject, mail.Subject);
        Assert.Equal(text.TrimEnd('\n'), Lines(mail.Body).TrimEnd('\n'));
        Assert.Equal(From, mail["from"]);
        Assert.NotEmpty(mail["date"]);
    }

    [Fact]
    public async Task Every_naughty_string_arrives_in_the_text_and_in_the_subject()
    {
        using var data = SharedData.Json("naughty-strings.json");
        var texts = data.RootElement.EnumerateArray().Select(one => one.GetString()!).Where(text => !text.Any(char.IsControl)).ToList();
        var text = string.Join('\n', texts);
        Assert.Equal(text, Lines((await SendAsync("all at once", text)).Body).TrimEnd('\n'));
        foreach (var subject in texts.Where((one, i) => i % 25 == 0 && one.Trim().Length > 0))
            Assert.Equal(subject.Trim(), (await SendAsync(subject, "text")).Subject.Trim());
    }

    [Theory]
    [InlineData("Hello\r\nBcc: eve@example.org")]
    [InlineData("Hello\nBcc: eve@example.org\n\nAnother text")]
    [InlineData("Hello\rBcc: eve@example.org")]
    [InlineData("Grüße\r\n\r\nAnother text")]
    [InlineData("Hello\0\u0085\u000B")]
    public async Task A_line_break_in_the_subject_makes_no_header(string subject)
    {
        var mail = await SendAsync(subject, "the text");
        Assert.DoesNotContain("bcc", mail.Names);
        Assert.Equal("the text", Lines(mail.Body).TrimEnd('\n'));
        Assert.DoesNotContain(mail.Subject, char.IsControl);
    }

    [Theory]
    [InlineData("ana@example.org\r\nBcc: eve@example.org")]
    [InlineData("ana@example.org\nBcc: eve@example.org")]
    [InlineData("\"ana\r\nBcc: eve@example.org\r\n\"@example.org")]
    [InlineData("ana@example.org, eve@example.org")]
    [InlineData("ana@example.org;eve@example.org")]
    [InlineData("Ana <ana@example.org>")]
    [InlineData("ana@example.org>\r\nRCPT TO:<eve@example.org")]
    [InlineData("ana")]
    [InlineData("")]
    public async Task An_address_that_is_more_or_less_than_one_is_refused(string address)
    {
        var before = Letters().Count;
        await Assert.ThrowsAnyAsync<Exception>(() => Mailer.SendAsync(new Letter(address, "Hello", "text"), Cancellation));
        Assert.Equal(before, Letters().Count);
    }

    [Fact]
    public async Task A_letter_that_comes_by_itself_says_how_to_end_such_letters_and_others_do_not()
    {
        var way = new Uri("https://chat.example.org/api/v1/digests/unsubscribe?token=" + new string('a', 43));
        var mail = await SendAsync("You were away", "text", way);
        Assert.Equal(("<" + way + ">", "List-Unsubscribe=One-Click"), (mail["list-unsubscribe"], mail["list-unsubscribe-post"]));
        Assert.DoesNotContain("list-unsubscribe", (await SendAsync("Hello", "text")).Names);
    }

    private protected IReadOnlyList<string> Letters() =>
        Directory.Exists(Folder) ? [.. Directory.EnumerateFiles(Folder)] : [];

    /// <summary>Sends a letter to somebody new and finds it where it arrived.</summary>
    private protected async Task<ArrivedMail> SendAsync(string subject, string text, Uri? unsubscribe = null)
    {
        var to = $"ana.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}@example.org";
        var before = Letters();
        await Mailer.SendAsync(new Letter(to, subject, text) { Unsubscribe = unsubscribe }, Cancellation);
        var mail = ArrivedMail.Parse(await File.ReadAllBytesAsync(Assert.Single(Letters().Except(before)), Cancellation));
        Assert.Equal(to, mail["to"]);
        return mail;
    }

    private static string Lines(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal);
}
