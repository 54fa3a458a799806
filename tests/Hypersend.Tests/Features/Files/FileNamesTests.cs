using System.Text;
using Hypersend.Server.Features.Files;

namespace Hypersend.Tests.Features.Files;

public sealed class FileNamesTests
{
    [Theory]
    [InlineData("report.pdf")]
    [InlineData("Résumé — final (2).docx")]
    [InlineData(".gitignore")]
    [InlineData("..hidden")]
    [InlineData("archive.tar.gz")]
    [InlineData("a b  c.txt")]
    [InlineData("写真 2024年.jpg")]
    [InlineData("می\u200Cخواهم.txt")] // Persian is written with the non-joiner
    [InlineData("അവന്\u200D.txt")] // an old Malayalam chillu ends in a joiner
    [InlineData("👩\u200D👩\u200D👧\u200D👦.png")]
    [InlineData("❤\uFE0F.png")]
    [InlineData("1\uFE0F\u20E3.png")]
    [InlineData("🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F.png")]
    [InlineData("שלום.txt")]
    [InlineData("100% & more; it's 'fine' #1 =,[]{}~`^!@$+.txt")]
    [InlineData("CONSOLE.txt")]
    [InlineData("COM10")]
    public void A_good_name_stays_as_it_is(string name) => Assert.Equal(name, FileNames.Clean(name));

    [Theory]
    [InlineData("/etc/passwd", "passwd")]
    [InlineData("C:\\Users\\ana\\photo.jpg", "photo.jpg")]
    [InlineData("..\\../a/b\\c.txt", "c.txt")]
    [InlineData("folder/", "folder")]
    [InlineData("Cafe\u0301.txt", "Café.txt")]
    [InlineData("a\0b\r\nc\u0085d\u2028e.txt", "abcde.txt")]
    [InlineData("photo\u202Egnp.exe", "photognp.exe")]
    [InlineData("a\u2066b\u2067c\u2068d\u2069e\u200Ef\u200Fg\u061Ch", "abcdefgh")]
    [InlineData("in\u200Bvoice\u2060.e\u00ADxe\uFEFF", "invoice.exe")]
    [InlineData("ev\u200Dil\u200C.exe\uFE0F", "evil.exe")]
    [InlineData("可\u200D\u200D\u200D.exe", "可\u200D.exe")]
    [InlineData("\u3164\u115Fx\U000E0041.txt", "x.txt")]
    [InlineData("photo.jpg                               .exe", "photo.jpg   .exe")]
    [InlineData("a<b>c:d\"e|f?g*h.txt", "a_b_c_d_e_f_g_h.txt")]
    [InlineData("file.txt:stream.exe", "file.txt_stream.exe")]
    [InlineData("name.txt. . .", "name.txt")]
    [InlineData("  name.txt  ", "name.txt")]
    [InlineData("name.txt\u3000\u00A0\u2800", "name.txt")]
    [InlineData("CON", "_CON")]
    [InlineData("nul.txt", "_nul.txt")]
    [InlineData("Aux .tar.gz", "_Aux .tar.gz")]
    [InlineData("com¹.log", "_com¹.log")]
    [InlineData("N\u200BUL", "_NUL")]
    [InlineData("CLOC\u212A$.x", "_CLOCK$.x")]
    public void A_bad_name_becomes_a_good_one(string name, string clean) => Assert.Equal(clean, FileNames.Clean(name));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/..")]
    [InlineData("...")]
    [InlineData(" . . ")]
    [InlineData("/")]
    [InlineData("\\/\\")]
    [InlineData("\0")]
    [InlineData(".\u200B.")]
    [InlineData("\u202E\u2066\uFEFF")]
    [InlineData("\u3164")]
    [InlineData("*")]
    [InlineData("<>?*.")]
    public void Of_some_names_nothing_is_left(string name) => Assert.Null(FileNames.Clean(name));

    [Fact]
    public void Half_a_character_is_none()
    {
        Assert.Equal("xy.txt", FileNames.Clean("x\uD800y\uDC00.txt"));
        Assert.Null(FileNames.Clean("\uD800"));
    }

    [Fact]
    public void A_long_name_loses_its_middle_and_keeps_its_extension()
    {
        Assert.Equal(new string('a', 251) + ".txt", FileNames.Clean(new string('a', 300) + ".txt"));
        Assert.Equal(new string('a', 248) + ".tar.gz", FileNames.Clean(new string('a', 300) + ".tar.gz"));
        Assert.Equal(new string('写', 83) + ".jpeg", FileNames.Clean(new string('写', 100) + ".jpeg"));
        Assert.Equal(new string('a', 255), FileNames.Clean(new string('a', 300)));
        Assert.Equal(new string('a', 255), FileNames.Clean(new string('a', 255)));
        Assert.Equal("x." + new string('e', 253), FileNames.Clean("x." + new string('e', 300)));
        Assert.Equal(new string('a', 253), FileNames.Clean(new string('a', 253) + ". " + new string('b', 70)));
        Assert.Equal("." + new string('b', 254), FileNames.Clean("." + new string('b', 300)));
        // A family is one character, and half of it would be another picture.
        var family = string.Concat(Enumerable.Repeat("👩\u200D👩\u200D👧\u200D👦", 20));
        Assert.Equal(family[..(11 * 10)] + ".png", FileNames.Clean(family + ".png")!);
        var marked = "a" + string.Concat(Enumerable.Repeat("\u0316", 300));
        Assert.Equal(255, Encoding.UTF8.GetByteCount(FileNames.Clean(marked)!));
    }

    [Theory]
    [InlineData("photos/2024/a.jpg", "photos/2024/a.jpg")]
    [InlineData("photos\\2024\\a.jpg", "photos/2024/a.jpg")]
    [InlineData("/./photos//./a.jpg/", "photos/a.jpg")]
    [InlineData("C:\\x", "C_/x")]
    [InlineData("con/nul.txt", "_con/_nul.txt")]
    [InlineData("a. /b", "a/b")]
    [InlineData("", "")]
    [InlineData("./", "")]
    public void A_path_is_cleaned_segment_by_segment(string path, string clean) => Assert.Equal(clean, FileNames.CleanPath(path));

    [Theory]
    [InlineData("..")]
    [InlineData("a/../b")]
    [InlineData("a\\..\\b")]
    [InlineData("a/.\u200B./b")]
    [InlineData("a/.. /b")]
    [InlineData("a/.../b")]
    [InlineData("a/*/b")]
    public void A_path_that_leaves_its_folder_is_refused(string path) => Assert.Null(FileNames.CleanPath(path));

    [Fact]
    public void A_path_has_its_limits()
    {
        Assert.NotNull(FileNames.CleanPath(string.Join('/', Enumerable.Repeat("a", 32))));
        Assert.Null(FileNames.CleanPath(string.Join('/', Enumerable.Repeat("a", 33))));
        var long255 = new string('x', 255);
        Assert.Equal(1_023, FileNames.CleanPath($"{long255}/{long255}/{long255}/{long255}")!.Length);
        Assert.NotNull(FileNames.CleanPath($"{new string('x', 254)}/{long255}/{long255}/{new string('x', 254)}/a"));
        Assert.Null(FileNames.CleanPath($"{long255}/{long255}/{long255}/{long255}/a"));
    }

    [Fact]
    public void Every_hostile_name_becomes_a_good_one_or_none()
    {
        using var naughty = SharedData.Json("naughty-strings.json");
        var names = new List<string>(naughty.RootElement.EnumerateArray().Select(text => text.GetString()!));
        foreach (var list in new[] { "path-traversal.txt", "invalid-filenames-linux.txt", "invalid-filenames-windows.txt" })
        {
            foreach (var line in File.ReadLines(SharedData.PathOf(list)))
                names.AddRange(line, line.Replace("{FILE}", "etc/passwd", StringComparison.Ordinal).Replace("{EXT}", "txt", StringComparison.Ordinal), Uri.UnescapeDataString(line));
        }
        Assert.True(names.Count > 2_000, $"{names.Count} names");
        foreach (var name in names)
            AssertGood(name);
    }

    [Fact]
    public void Every_reserved_name_is_told_apart()
    {
        foreach (var line in File.ReadLines(SharedData.PathOf("invalid-filenames-windows.txt")).Where(line => char.IsAsciiLetter(line[0])))
        {
            var name = line.Replace("{EXT}", "txt", StringComparison.Ordinal);
            Assert.Equal(name.EndsWith(':') ? name[..^1] + '_' : '_' + name, FileNames.Clean(name));
        }
    }

    [Fact]
    public void Any_text_at_all_becomes_a_good_name_or_none()
    {
        var dice = new Dice();
        string[] pieces =
        [
            "/", "\\", ".", "..", " ", ":", "*", "CON", "nul", ".txt", ".tar.gz", "\u200D", "\u200C", "\uFE0F", "\u202E", "\u0338", "\u0301", "e", "<", "=",
            "\u212A", "\u2126", "👩", "🏴", "\U000E0067", "\U000E007F", "\uD800", "\uDC00", "\u3099", "か", "م", "1", "\u1100\u1161", "\u11A8", "\u2000", "\uFFFE", "写",
        ];
        for (var round = 0; round < 20_000; round++)
        {
            var text = new StringBuilder();
            for (var length = dice.Next(round % 50 == 0 ? 300 : 12); length >= 0; length--)
            {
                if (dice.Next(5) == 0)
                    text.Append((char)dice.Next(0x1_0000));
                else
                    text.Append(pieces[dice.Next(pieces.Length)]);
            }
            AssertGood(text.ToString(), $"seed {dice.Seed}");
        }
    }

    private static void AssertGood(string name, string seed = "")
    {
        var shown = $"{string.Concat(name.Select(c => $"\\u{(int)c:X4}"))} {seed}";
        if (FileNames.Clean(name) is { } clean)
        {
            Assert.True(clean.Length > 0 && clean is not ("." or ".."), shown);
            Assert.True(clean.IndexOfAny([.. "<>:\"/\\|?*"]) < 0, shown);
            Assert.False(clean.Any(char.IsControl), shown);
            Assert.False(clean[^1] is '.' or ' ', shown);
            Assert.True(clean.IsNormalized(NormalizationForm.FormC), shown);
            Assert.True(new UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(clean) <= FileNames.MaxBytes, shown);
            Assert.True(clean == FileNames.Clean(clean), shown);
        }
        if (FileNames.CleanPath(name) is { } path)
        {
            Assert.DoesNotContain(path.Split('/'), segment => segment is "." or "..");
            Assert.True(path == FileNames.CleanPath(path), shown);
            Assert.StartsWith("/folder/x/", Path.GetFullPath(path, "/folder/x") + '/', StringComparison.Ordinal);
        }
    }
}
