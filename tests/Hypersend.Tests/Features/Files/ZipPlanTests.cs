using System.Buffers.Binary;
using System.IO.Compression;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;

namespace Hypersend.Tests.Features.Files;

public sealed class ZipPlanTests
{
    [Fact]
    public void What_is_packed_is_unpacked()
    {
        var fixture = new ZipFixture().AddSome();
        var plan = new ZipPlan(fixture.Entries);
        var whole = fixture.Part(plan, 0, plan.Length - 1);
        Assert.Equal(plan.Length, whole.Length);
        using var zip = new ZipArchive(new MemoryStream(whole), ZipArchiveMode.Read);
        Assert.Equal(plan.Entries.Select(entry => entry.Name), zip.Entries.Select(entry => entry.FullName));
        for (var at = 0; at < plan.Entries.Count; at++)
        {
            using var bytes = new MemoryStream();
            using (var stream = zip.Entries[at].Open())
                stream.CopyTo(bytes);
            Assert.Equal(plan.Entries[at].Crc32, Crc32.Of(bytes.ToArray()));
            Assert.Equal(plan.Entries[at].Size, bytes.Length);
            Assert.Equal(plan.Entries[at].Crc32, zip.Entries[at].Crc32);
            Assert.Equal(new DateTime(2026, 3, 29, 12, 30, 46), zip.Entries[at].LastWriteTime.DateTime);
        }
    }

    [Fact]
    public void A_zip_of_nothing_is_a_zip()
    {
        var plan = new ZipPlan([]);
        Assert.Equal(22, plan.Length);
        using var zip = new ZipArchive(new MemoryStream(new ZipFixture().Part(plan, 0, 21)), ZipArchiveMode.Read);
        Assert.Empty(zip.Entries);
    }

    [Fact]
    public void Every_entry_has_a_path_of_its_own()
    {
        var fixture = new ZipFixture();
        foreach (var name in new[] { "a.txt", "A.TXT", "a.txt", "a (2).txt", "b.tar.gz", "b.tar.gz", "d/a.txt", "d/a.txt", "d", ".env", ".env", "../../x", "/etc/x", "", "*", "c:\\w.txt" })
            fixture.Add(name, []);
        Assert.Equal(
            ["a.txt", "A (2).TXT", "a (3).txt", "a (2) (2).txt", "b.tar.gz", "b (2).tar.gz", "d/a.txt", "d/a (2).txt", "d (2)", ".env", ".env (2)", "x", "etc/x", "file", "file (2)", "c_/w.txt"],
            new ZipPlan(fixture.Entries).Entries.Select(entry => entry.Name));
    }

    [Fact]
    public void A_number_fits_into_a_name_of_full_length()
    {
        var name = new string('a', 251) + ".txt";
        var plan = new ZipPlan(new ZipFixture().Add(name, []).Add(name, []).Entries);
        Assert.Equal([name, new string('a', 247) + " (2).txt"], plan.Entries.Select(entry => entry.Name));
    }

    [Fact]
    public void Any_part_is_the_same_part_of_the_whole()
    {
        var dice = new Dice();
        for (var round = 0; round < 60; round++)
        {
            var fixture = new ZipFixture();
            for (var count = dice.Next(40); count > 0; count--)
                fixture.Add(new string((char)('a' + dice.Next(26)), 1 + dice.Next(60)) + ".bin", [.. Enumerable.Range(0, dice.Next(3) * dice.Next(300)).Select(_ => (byte)dice.Next(256))]);
            var plan = new ZipPlan(fixture.Entries);
            var whole = fixture.Part(plan, 0, plan.Length - 1);
            Assert.Equal(plan.Length, whole.Length);
            for (var cut = 0; cut < 100; cut++)
            {
                var from = dice.Next(whole.Length);
                var to = from + dice.Next(dice.Next(4) == 0 ? whole.Length - from : Math.Min(30, whole.Length - from));
                Assert.True(whole.AsSpan(from, to - from + 1).SequenceEqual(fixture.Part(plan, from, to)), $"{from}-{to} of seed {dice.Seed}");
            }
            Assert.Empty(plan.Slices(whole.Length, whole.Length - 1));
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => new ZipPlan([]).Slices(0, 22));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ZipPlan([]).Slices(-1, 5));
    }

    [Fact]
    public void The_etag_changes_with_anything_that_changes_a_byte()
    {
        var entry = new ZipEntry("a.txt", 5, 1, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), new FileId(new Guid(1, 0, 0, new byte[8])));
        var other = entry with { File = new FileId(new Guid(2, 0, 0, new byte[8])) };
        string[] tags =
        [
            Tag(entry), Tag(entry with { Name = "b.txt" }), Tag(entry with { Size = 6 }), Tag(entry with { Crc32 = 2 }), Tag(entry with { Modified = entry.Modified.AddSeconds(1) }),
            Tag(other), Tag(entry, other), Tag(other, entry), Tag(),
        ];
        Assert.Equal(tags.Length, tags.Distinct().Count());
        Assert.Equal(Tag(entry), Tag(entry with { }));
        Assert.Matches("^\"zip-[0-9a-f]{64}\"$", Tag(entry));

        static string Tag(params ZipEntry[] entries) => new ZipPlan(entries).ETag;
    }

    [Fact]
    public void The_long_forms_are_there_only_where_the_short_ones_are_too_small()
    {
        // The last size that fits, and the first that does not.
        var fits = new ZipPlan(new ZipFixture().AddZeros("a", 0xFFFF_FFFE).Entries);
        var exceeds = new ZipPlan(new ZipFixture().AddZeros("a", 0xFFFF_FFFF).Entries);
        Assert.Equal(0xFFFF_FFFEL + 30 + 1 + 9 + 46 + 1 + 9 + 22 + 76, fits.Length);
        Assert.Equal(0xFFFF_FFFFL + 30 + 1 + 9 + 20 + 46 + 1 + 9 + 20 + 22 + 76, exceeds.Length);
        Assert.Equal((20, 45), (VersionOf(fits), VersionOf(exceeds)));

        // The end is short while the directory begins below the limit.
        const long Edge = 0xFFFF_FFFF - (30 + 1 + 9);
        Assert.Equal(Edge - 1 + 40 + 56 + 22, new ZipPlan(new ZipFixture().AddZeros("a", Edge - 1).Entries).Length);
        Assert.Equal(Edge + 40 + 56 + 22 + 76, new ZipPlan(new ZipFixture().AddZeros("a", Edge).Entries).Length);

        // The place of the second file is what does not fit.
        Assert.Equal(Edge - 1 + 40 + 56 + 96 + 22 + 76, new ZipPlan(new ZipFixture().AddZeros("a", Edge - 1).Add("b", []).Entries).Length);
        Assert.Equal(Edge + 40 + 56 + 96 + 12 + 22 + 76, new ZipPlan(new ZipFixture().AddZeros("a", Edge).Add("b", []).Entries).Length);

        Assert.Equal(22, EndOf(65_534));
        Assert.Equal(22 + 76, EndOf(65_535));

        static int VersionOf(ZipPlan plan) => BinaryPrimitives.ReadUInt16LittleEndian(plan.Slices(0, 9).First().Bytes.Span[4..]);
        static long EndOf(int count) =>
            new ZipPlan([.. Enumerable.Range(0, count).Select(at => new ZipEntry($"{at:D5}", 0, 0, default, default))]).Length - count * (40L + 4 + 56 + 4);
    }

    [Fact]
    public void A_time_outside_the_calendar_of_zips_is_its_edge()
    {
        foreach (var year in new[] { 1, 1979, 1980, 2107, 2108, 9999 })
        {
            var plan = new ZipPlan([new ZipEntry("a", 0, 0, new DateTimeOffset(year, 12, 31, 23, 59, 58, TimeSpan.Zero), default)]);
            using var zip = new ZipArchive(new MemoryStream(new ZipFixture().Part(plan, 0, plan.Length - 1)), ZipArchiveMode.Read);
            Assert.Equal(Math.Clamp(year, 1980, 2107), zip.Entries[0].LastWriteTime.Year);
        }
    }

    [Fact]
    public void More_than_can_be_counted_is_a_mistake() =>
        Assert.Throws<OverflowException>(() => new ZipPlan([new ZipEntry("a", long.MaxValue, 0, default, default)]));
}
