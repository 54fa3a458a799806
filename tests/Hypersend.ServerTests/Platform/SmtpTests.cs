using System.Text;
using Hypersend.Contracts.Accounts;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Platform;

public sealed class SmtpTests
{
    private const string ServerVariable = "HYPERSEND_TEST_SMTP";
    private const string FolderVariable = "HYPERSEND_TEST_SMTP_DIR";

    [Fact]
    public async Task A_reset_mail_goes_through_a_real_mail_server_and_its_link_works()
    {
        var (server, maildir) = (Environment.GetEnvironmentVariable(ServerVariable), Environment.GetEnvironmentVariable(FolderVariable));
        Assert.SkipWhen(string.IsNullOrEmpty(server) || string.IsNullOrEmpty(maildir), $"{ServerVariable} and {FolderVariable} name no mail server.");
        await using var app = await App.StartAsync($"--SMTP_URL={server}", "--MAIL_FROM=chat@example.org", "--BRAND_NAME=Größe", "--PUBLIC_URL=https://chat.example.org");
        var username = "smtp-" + Convert.ToHexStringLower(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToByteArray()[8..14]);
        var ana = await app.RegisterAsync(new RegisterRequest { Username = username, Email = username + "@example.org", Password = Person.FirstPassword });
        using var mail = new Maildir(maildir!);

        await ana.Accounts.ForgotPasswordAsync(new ForgotPasswordRequest { Email = ana.Email });
        var letter = await mail.NextAsync("To: " + ana.Email);

        Assert.Contains("From: chat@example.org", letter, StringComparison.Ordinal);
        var text = Encoding.UTF8.GetString(Convert.FromBase64String(letter[letter.IndexOf("\n\n", StringComparison.Ordinal)..].Trim().ReplaceLineEndings("")));
        Assert.Contains("Größe", text, StringComparison.Ordinal);
        var token = text[(text.IndexOf("https://chat.example.org/reset#token=", StringComparison.Ordinal) + 37)..].Split('\n')[0].Trim();
        await app.Anonymous().Accounts.ResetPasswordAsync(new ResetPasswordRequest { Token = token, NewPassword = "another horse battery" });
        await app.SignInAsync(ana, "another horse battery");
        var files = new DirectoryInfo(Path.Combine(app.DataRoot, "mail"));
        Assert.Empty(files.Exists ? files.GetFileSystemInfos() : []);
    }

    /// <summary>The letters a mail server took, as files in "new".</summary>
    private sealed class Maildir : IDisposable
    {
        private readonly FileSystemWatcher _watcher;
        private readonly SemaphoreSlim _news = new(1);
        private readonly string _folder;

        public Maildir(string folder)
        {
            _folder = Path.Combine(folder, "new");
            _watcher = new FileSystemWatcher(_folder);
            _watcher.Created += (_, _) => _news.Release();
            _watcher.Renamed += (_, _) => _news.Release();
            _watcher.EnableRaisingEvents = true;
        }

        public async Task<string> NextAsync(string line)
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (true)
            {
                await _news.WaitAsync(deadline.Token);
                foreach (var file in Directory.EnumerateFiles(_folder))
                {
                    var letter = (await File.ReadAllTextAsync(file, deadline.Token)).ReplaceLineEndings("\n");
                    if (letter.Contains(line + "\n", StringComparison.Ordinal))
                        return letter;
                }
            }
        }

        public void Dispose()
        {
            _watcher.Dispose();
            _news.Dispose();
        }
    }
}
