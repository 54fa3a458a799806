using Hypersend.Server.Platform;
using Hypersend.Server.Start;
using Hypersend.Server.Start.Verbs;

namespace Hypersend.Tests.Start;

public sealed class UsageTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("--urls", "http://localhost:1", "--help")]
    public void Help_names_every_setting_and_starts_nothing(params string[] args)
    {
        var help = Usage.For(args)!;
        Assert.StartsWith("hypersend-server", help, StringComparison.Ordinal);
        foreach (var setting in new[] { "DATA_ROOT=data", "MAX_FILE_SIZE=", "LOG_LEVEL=information", "search rebuild", "--urls" })
            Assert.Contains(setting, help, StringComparison.Ordinal);
        Assert.DoesNotContain("Copy to .env", help, StringComparison.Ordinal);
    }

    [Fact]
    public void The_version_is_that_of_the_program() => Assert.Equal(ServerVersion.Text, Usage.For(["--version"]));

    [Fact]
    public void Anything_else_starts_the_server()
    {
        Assert.Null(Usage.For([]));
        Assert.Null(Usage.For(["--LOG_LEVEL", "debug"]));
        Assert.Null(Usage.For(["search", "rebuild"]));
        Assert.False(VerbTable.IsMeant([]));
        Assert.False(VerbTable.IsMeant(["--LOG_LEVEL", "debug"]));
        Assert.False(VerbTable.IsMeant(["LOG_LEVEL=debug"]));
        Assert.True(VerbTable.IsMeant(["search", "rebuild"]));
    }
}
