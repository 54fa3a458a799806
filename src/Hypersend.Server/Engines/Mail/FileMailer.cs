using System.Globalization;
using System.Text;
using Hypersend.Server.Platform.Mail;

namespace Hypersend.Server.Engines.Mail;

/// <summary>Without a mail server: each letter is a file that the owner of the machine can open, and nobody else.</summary>
internal sealed class FileMailer(string folder, string from, TimeProvider clock) : IMailer
{
    public string Name => "files";

    public async Task SendAsync(Letter letter, CancellationToken cancellation)
    {
        var to = MailHeader.Recipient(letter.To);
        Directory.CreateDirectory(folder);
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now).ToString("N");
        var text = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"From: {MailHeader.Line(from)}\r\n")
            .Append(CultureInfo.InvariantCulture, $"To: {to.Address}\r\n")
            .Append(CultureInfo.InvariantCulture, $"Subject: {MailHeader.Encoded(letter.Subject)}\r\n")
            .Append(CultureInfo.InvariantCulture, $"Date: {now:r}\r\n")
            .Append(CultureInfo.InvariantCulture, $"Message-ID: <{id}@hypersend>\r\n")
            .Append(letter.Unsubscribe is { } way ? $"List-Unsubscribe: <{way.AbsoluteUri}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" : "")
            .Append("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n")
            .Append(letter.Text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal));

        // Written aside and renamed: whoever watches the folder sees whole letters only.
        var path = Path.Combine(folder, id + ".eml");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var file = new FileStream(path + ".part", options))
            await file.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellation);
        File.Move(path + ".part", path);
    }
}
