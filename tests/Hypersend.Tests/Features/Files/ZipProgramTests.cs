using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Hypersend.Server.Features.Files;

namespace Hypersend.Tests.Features.Files;

/// <summary>The programs by which people open what they downloaded agree that it is whole.</summary>
public sealed class ZipProgramTests
{
    private const long GiB = 1L << 30;

    [Theory]
    [InlineData("unzip", "-t")]
    [InlineData("7z", "t")]
    [InlineData("python3", "-m zipfile -t")]
    public async Task A_small_zip_is_whole(string program, string test)
    {
        using var folder = new ScratchFolder();
        var fixture = new ZipFixture().AddSome();
        fixture.Write(new ZipPlan(fixture.Entries), folder.File("some.zip"));
        var said = await ZipFixture.RunAsync(program, [.. test.Split(' '), folder.File("some.zip")]);
        Assert.DoesNotContain("warning", said, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("failed", said, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Names_times_and_modes_are_as_they_were()
    {
        using var folder = new ScratchFolder();
        var fixture = new ZipFixture().AddSome();
        fixture.Write(new ZipPlan(fixture.Entries), folder.File("some.zip"));
        await ZipFixture.RunAsync("unzip", "-q", folder.File("some.zip"), "-d", folder.File("out"));
        foreach (var entry in new ZipPlan(fixture.Entries).Entries)
        {
            var path = Path.Combine(folder.File("out"), entry.Name);
            Assert.Equal(entry.Crc32, Crc32.Of(await File.ReadAllBytesAsync(path)));
            Assert.Equal(entry.Modified.UtcDateTime, File.GetLastWriteTimeUtc(path));
            if (!OperatingSystem.IsWindows())
                Assert.True(File.GetUnixFileMode(path).HasFlag(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }
    }

    [Theory]
    [InlineData("unzip", "-tq")]
    [InlineData("7z", "t")]
    [InlineData("python3", "-c")]
    [InlineData("ours", "")]
    public async Task Seventy_thousand_files_fit(string program, string test)
    {
        using var folder = new ScratchFolder();
        var fixture = new ZipFixture();
        for (var at = 0; at < 70_000; at++)
            fixture.Add($"many/{at % 7}/{at}.txt", Encoding.ASCII.GetBytes($"file {at}"));
        var plan = new ZipPlan(fixture.Entries);
        fixture.Write(plan, folder.File("many.zip"));
        if (program == "ours")
        {
            using var zip = ZipFile.OpenRead(folder.File("many.zip"));
            Assert.Equal(70_000, zip.Entries.Count);
            using var text = new StreamReader(zip.GetEntry("many/6/69999.txt")!.Open());
            Assert.Equal("file 69999", await text.ReadToEndAsync());
        }
        else if (program == "python3")
        {
            const string Read = "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); n = z.namelist(); print(len(n), z.read(n[0]), z.read(n[69999]))";
            Assert.Equal("70000 b'file 0' b'file 69999'\n", await ZipFixture.RunAsync(program, test, Read, folder.File("many.zip")));
        }
        else
        {
            await ZipFixture.RunAsync(program, test, folder.File("many.zip"));
        }
    }

    [Theory]
    [InlineData("python3")]
    [InlineData("unzip")]
    [InlineData("7z")]
    [InlineData("ours")]
    public async Task A_file_beyond_four_gibibytes_and_what_follows_it_are_found(string program)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The zeros would be written.");
        using var folder = new ScratchFolder();
        var path = folder.File("large.zip");
        var fixture = new ZipFixture().Add("first.txt", "first"u8.ToArray()).AddZeros("large.bin", 5 * GiB + 7).Add("last.txt", "last"u8.ToArray());
        var plan = new ZipPlan(fixture.Entries);
        fixture.Write(plan, path);
        switch (program)
        {
            case "python3":
                const string Read = "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); "
                    + "print([(i.filename, i.file_size, i.header_offset) for i in z.infolist()], z.read('first.txt'), z.read('last.txt'), z.open('large.bin').read(3))";
                var large = 30 + 9 + 9 + 5;
                var last = plan.Length - 22 - 76 - (46 + 9 + 9) - (46 + 9 + 9 + 20) - (46 + 8 + 9 + 12) - (30 + 8 + 9 + 4);
                Assert.Equal(
                    $"[('first.txt', 5, 0), ('large.bin', {5 * GiB + 7}, {large}), ('last.txt', 4, {last})] b'first' b'last' b'\\x00\\x00\\x00'\n",
                    await ZipFixture.RunAsync(program, "-c", Read, path));
                break;
            case "unzip":
                Assert.Equal("last", await ZipFixture.RunAsync(program, "-p", path, "last.txt"));
                Assert.Contains("5368709127", await ZipFixture.RunAsync(program, "-l", path), StringComparison.Ordinal);
                break;
            case "7z":
                Assert.Contains("5368709127", await ZipFixture.RunAsync(program, "l", path), StringComparison.Ordinal);
                await ZipFixture.RunAsync(program, "t", path, "last.txt");
                break;
            default:
                using (var zip = ZipFile.OpenRead(path))
                {
                    Assert.Equal([5, 5 * GiB + 7, 4], zip.Entries.Select(entry => entry.Length));
                    using var text = new StreamReader(zip.Entries[2].Open());
                    Assert.Equal("last", await text.ReadToEndAsync());
                }
                break;
        }
    }

    [Fact]
    public void A_plan_of_many_files_is_made_and_cut_at_once()
    {
        var entries = Enumerable.Range(0, 70_000).Select(at => new ZipEntry($"f{at}.bin", 40 * GiB, (uint)at, default, default)).ToArray();
        var watch = Stopwatch.StartNew();
        var plan = new ZipPlan(entries);
        var made = watch.Elapsed;
        watch.Restart();
        for (var at = 0; at < 1_000; at++)
            Assert.Single(plan.Slices(plan.Length / 2_000 * at + 100_000, plan.Length / 2_000 * at + 100_000));
        TestContext.Current.TestOutputHelper?.WriteLine($"made in {made.TotalMilliseconds:F0} ms, 1,000 cuts in {watch.Elapsed.TotalMilliseconds:F1} ms");
        Assert.True(made < TimeSpan.FromSeconds(10) && watch.Elapsed < TimeSpan.FromSeconds(5), $"{made}, {watch.Elapsed}");
    }

    [Fact]
    public void A_thousand_files_of_one_name_are_numbered_one_by_one()
    {
        var plan = new ZipPlan([.. Enumerable.Repeat(new ZipEntry("a.txt", 0, 0, default, default), 20_000)]);
        Assert.Equal("a (20000).txt", plan.Entries[^1].Name);
        Assert.Equal(20_000, plan.Entries.Select(entry => entry.Name).Distinct().Count());
    }
}
