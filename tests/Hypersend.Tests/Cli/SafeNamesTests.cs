using System.Text;
using Hypersend.Cli.Files.Downloads;

namespace Hypersend.Tests.Cli;

public sealed class SafeNamesTests
{
    [Theory]
    [InlineData("film.mkv", "film.mkv")]
    [InlineData("../../x", "x")]
    [InlineData("..\\..\\x", "x")]
    [InlineData("/etc/passwd", "passwd")]
    [InlineData("a/", "a")]
    [InlineData("..", "file")]
    [InlineData(".", "file")]
    [InlineData("", "file")]
    [InlineData(null, "file")]
    [InlineData("\e[2J\a", "[2J")]
    [InlineData("a\u202egpj.exe", "agpj.exe")]
    [InlineData("a\nb\0c", "abc")]
    [InlineData(".bashrc", "_bashrc")]
    [InlineData("...x", "_x")]
    [InlineData("name. . ", "name")]
    [InlineData("a:b|c?d", "a_b_c_d")]
    [InlineData("日記.txt", "日記.txt")]
    public void A_name_of_others_is_a_name_in_one_folder_and_nothing_else(string? name, string safe) => Assert.Equal(safe, SafeNames.Of(name));

    [Fact]
    public void A_name_that_is_too_long_keeps_its_ending_and_room_for_what_lies_beside_it()
    {
        var name = SafeNames.Of(new string('ü', 400) + ".tar");

        Assert.EndsWith("ü.tar", name);
        Assert.InRange(Encoding.UTF8.GetByteCount(name + ".part.chunks"), 200, 255);
    }
}
