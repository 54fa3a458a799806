using Hypersend.Server.Platform.Settings;

namespace Hypersend.Tests.Platform.Settings;

public sealed class DotEnvTests
{
    [Fact]
    public void Lines_are_read_as_shells_and_compose_write_them()
    {
        using var folder = new ScratchFolder();
        var path = folder.File(".env");
        File.WriteAllText(path, "# comment\nDATA_ROOT=/var/lib/hypersend # where\nexport DOMAIN = chat.example.org\nBRAND_NAME=\"Ana's # house\"\nno line\n=nothing\n");

        Assert.Equal(
            new Dictionary<string, string?> { ["DATA_ROOT"] = "/var/lib/hypersend", ["DOMAIN"] = "chat.example.org", ["BRAND_NAME"] = "Ana's # house" },
            DotEnv.Read(path));
        Assert.Empty(DotEnv.Read(folder.File("none")));
    }

    [Fact]
    public void One_that_is_there_and_cannot_be_read_stops_the_start_with_a_sentence()
    {
        // A file whose beginning nobody may read, not even who may read everything.
        const string unreadable = "/proc/self/mem";
        Assert.SkipUnless(File.Exists(unreadable), "Only Linux has a file that nobody can read from its beginning.");

        var refusal = Assert.Throws<WrongSettingsException>(() => DotEnv.Read(unreadable));

        Assert.StartsWith("/proc/self/mem cannot be read: ", Assert.Single(refusal.Problems), StringComparison.Ordinal);
    }
}
