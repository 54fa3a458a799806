using Hypersend.Server.Features.Files;

namespace Hypersend.Tests.Features.Files;

public sealed class ByteRangesTests
{
    [Theory]
    [InlineData("bytes=0-499", "0-499")]
    [InlineData("bytes=500-999", "500-999")]
    [InlineData("bytes=-500", "9500-9999")]
    [InlineData("bytes=9500-", "9500-9999")]
    [InlineData("bytes=0-0,-1", "0-0 9999-9999")]
    [InlineData("bytes=500-600,601-999", "500-600 601-999")]
    [InlineData("bytes=500-700,601-999", "500-700 601-999")]
    [InlineData("bytes=7000-7999,0-9", "7000-7999 0-9")]
    [InlineData("BYTES=0-0", "0-0")]
    [InlineData(" bytes = 0 - 0 ,\t5-6 ", "0-0 5-6")]
    [InlineData("bytes=,0-0,,1-1,", "0-0 1-1")]
    [InlineData("bytes=0-99999", "0-9999")]
    [InlineData("bytes=-99999", "0-9999")]
    [InlineData("bytes=0-", "0-9999")]
    [InlineData("bytes=9999-", "9999-9999")]
    [InlineData("bytes=0-18446744073709551616", "0-9999")]
    [InlineData("bytes=-99999999999999999999999", "0-9999")]
    [InlineData("bytes=00000000000000000000000000-01", "0-1")]
    [InlineData("bytes=10000-,5-6", "5-6")]
    [InlineData("bytes=0-0,1-1,2-2,3-3,4-4,5-5,6-6,7-7", "0-0 1-1 2-2 3-3 4-4 5-5 6-6 7-7")]
    public void Ranges_are_read_in_the_order_they_came(string header, string parts)
    {
        var ranges = ByteRanges.Parse(header, 10_000);
        Assert.Equal(RangeAnswer.Parts, ranges.Answer);
        Assert.Equal(parts, Text(ranges));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("bytes")]
    [InlineData("bytes=")]
    [InlineData("bytes=,")]
    [InlineData("bytes=-")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=0")]
    [InlineData("bytes=5-4")]
    [InlineData("bytes=0-0,5-4")]
    [InlineData("bytes=+0-5")]
    [InlineData("bytes=0--5")]
    [InlineData("bytes=0x0-0x5")]
    [InlineData("bytes=0.0-5")]
    [InlineData("bytes=٠-٥")]
    [InlineData("bytes=0-5;")]
    [InlineData("items=0-5")]
    [InlineData("chunks=0-5")]
    [InlineData("bytes 0-5/10")]
    [InlineData("bytes=0-0,1-1,2-2,3-3,4-4,5-5,6-6,7-7,8-8")]
    public void What_is_not_understood_or_too_many_is_the_whole(string? header) => Assert.Equal(RangeAnswer.Whole, ByteRanges.Parse(header, 10_000).Answer);

    [Theory]
    [InlineData("bytes=10000-", 10_000L)]
    [InlineData("bytes=10000-10001,20000-", 10_000L)]
    [InlineData("bytes=99999999999999999999999-", 10_000L)]
    [InlineData("bytes=9223372036854775807-", 10_000L)]
    [InlineData("bytes=9223372036854775807-", null)]
    [InlineData("bytes=-0", 10_000L)]
    [InlineData("bytes=0-", 0L)]
    [InlineData("bytes=0-0", 0L)]
    [InlineData("bytes=-5", 0L)]
    public void What_is_not_there_cannot_be_sent(string header, long? size) => Assert.Equal(RangeAnswer.Unsatisfiable, ByteRanges.Parse(header, size).Answer);

    [Fact]
    public void The_same_bytes_many_times_are_sent_once()
    {
        Assert.Equal("0-9999", Text(ByteRanges.Parse("bytes=0-,0-,0-,0-", 10_000)));
        Assert.Equal("0-7000 9000-9999", Text(ByteRanges.Parse("bytes=9000-,5000-7000,0-6000,1-2000", 10_000)));
        Assert.Equal("0-9223372036854775806", Text(ByteRanges.Parse("bytes=0-,1-,2-", long.MaxValue)));
    }

    [Fact]
    public void While_the_size_is_unknown_a_start_has_a_place_and_a_suffix_has_none()
    {
        Assert.Equal([new ByteRange(5, ByteRanges.Open)], ByteRanges.Parse("bytes=5-", null).Parts);
        Assert.Equal([new ByteRange(5, 9), new ByteRange(7, 8)], ByteRanges.Parse("bytes=5-9,7-8", null).Parts);
        Assert.Equal(RangeAnswer.Whole, ByteRanges.Parse("bytes=-5", null).Answer);
        Assert.True(new ByteRange(0, ByteRanges.Open).Length > 0);
    }

    [Fact]
    public void A_range_says_where_it_lies()
    {
        Assert.Equal("bytes 2-5/10", new ByteRange(2, 5).Header(10));
        Assert.Equal("bytes 2-5/*", new ByteRange(2, 5).Header(null));
        Assert.Equal("bytes */10", ByteRanges.Unsatisfied(10));
        Assert.Equal(4, new ByteRange(2, 5).Length);
    }

    [Fact]
    public void Any_header_gives_ranges_within_the_file_or_none()
    {
        var dice = new Dice();
        string[] pieces = ["bytes", "=", "-", ",", " ", "0", "1", "9", "99", "5-", "-5", "2-3", "9223372036854775807", "18446744073709551615", "x", "\t"];
        for (var round = 0; round < 20_000; round++)
        {
            var header = (dice.Next(4) > 0 ? "bytes=" : "") + string.Concat(Enumerable.Range(0, dice.Next(12)).Select(_ => pieces[dice.Next(pieces.Length)]));
            long? size = dice.Next(5) switch { 0 => null, 1 => 0, 2 => long.MaxValue, _ => dice.Next(200) };
            var ranges = ByteRanges.Parse(header, size);
            Assert.Equal(ranges.Answer == RangeAnswer.Parts, ranges.Parts.Count is > 0 and <= ByteRanges.MaxParts);
            Assert.All(ranges.Parts, part => Assert.True(part.From >= 0 && part.From <= part.To && part.To < (size ?? long.MaxValue), $"{header} of {size}, seed {dice.Seed}"));
            Assert.True(size is null || ranges.Parts.Sum(part => (decimal)part.Length) <= size, $"{header} of {size}, seed {dice.Seed}");
        }
    }

    [Fact]
    public void Several_parts_are_exactly_as_long_as_was_said()
    {
        var whole = "0123456789abcdef"u8.ToArray();
        var ranges = ByteRanges.Parse("bytes=0-3,-2,5-5", whole.Length).Parts;
        var parts = new MultipartRanges(ranges, "text/plain; charset=utf-8", whole.Length, "hsX");
        using var body = new MemoryStream();
        for (var part = 0; part < ranges.Count; part++)
        {
            body.Write(parts.Head(part).Span);
            body.Write(whole, (int)ranges[part].From, (int)ranges[part].Length);
        }
        body.Write(parts.Tail.Span);
        Assert.Equal(parts.ContentLength, body.Length);
        Assert.Equal("multipart/byteranges; boundary=hsX", parts.ContentType);
        Assert.Equal(
            "--hsX\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Range: bytes 0-3/16\r\n\r\n0123\r\n"
            + "--hsX\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Range: bytes 14-15/16\r\n\r\nef\r\n"
            + "--hsX\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Range: bytes 5-5/16\r\n\r\n5\r\n--hsX--\r\n",
            System.Text.Encoding.ASCII.GetString(body.ToArray()));
    }

    [Fact]
    public void A_boundary_is_new_each_time()
    {
        Assert.NotEqual(MultipartRanges.NewBoundary(), MultipartRanges.NewBoundary());
        Assert.Matches("^hs[0-9a-f]{32}$", MultipartRanges.NewBoundary());
    }

    private static string Text(ByteRanges ranges) => string.Join(' ', ranges.Parts.Select(part => $"{part.From}-{part.To}"));
}
