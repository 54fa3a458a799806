using Hypersend.Server.Engines.Mail;
using Hypersend.Server.Platform.Mail;

namespace Hypersend.EngineSpecs.Mail;

public sealed class FileMailerSpec : MailerSpec
{
    private protected override IMailer Mailer => new FileMailer(Folder, From, TimeProvider.System);

    private protected override string Folder => Scratch.File("mail");

    [Fact]
    public async Task Only_the_owner_of_the_machine_can_open_a_letter()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has no file modes.");
        await SendAsync("Reset your password", "a link that opens an account");
        var letter = Assert.Single(Letters());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(letter).UnixFileMode);
    }

    [Fact]
    public async Task Every_letter_is_a_file_of_its_own_with_nothing_beside_it()
    {
        for (var i = 0; i < 20; i++)
            await SendAsync("Hello", "again");
        Assert.Equal(20, Letters().Count);
        Assert.All(Letters(), letter => Assert.EndsWith(".eml", letter, StringComparison.Ordinal));
    }
}
