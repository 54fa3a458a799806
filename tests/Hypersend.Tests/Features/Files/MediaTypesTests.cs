using System.Text;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Features.Files;

namespace Hypersend.Tests.Features.Files;

public sealed class MediaTypesTests
{
    private const string Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

    [Theory]
    [InlineData("image/png", "image/png")]
    [InlineData(" Text/HTML ; charset=\"utf-8\"", "text/html")]
    [InlineData("audio/webm;codecs=opus", "audio/webm")]
    [InlineData("image/jpg", "image/jpeg")]
    [InlineData("audio/x-m4a", "audio/mp4")]
    [InlineData("application/javascript", "text/javascript")]
    [InlineData("application/vnd.x+json", "application/vnd.x+json")]
    [InlineData(null, MediaTypes.Unknown)]
    [InlineData("", MediaTypes.Unknown)]
    [InlineData("image", MediaTypes.Unknown)]
    [InlineData("image/", MediaTypes.Unknown)]
    [InlineData("/png", MediaTypes.Unknown)]
    [InlineData("image/png/x", MediaTypes.Unknown)]
    [InlineData("image/*", MediaTypes.Unknown)]
    [InlineData("image/p ng", MediaTypes.Unknown)]
    [InlineData("image/png\r\nX: y", MediaTypes.Unknown)]
    [InlineData("imäge/png", MediaTypes.Unknown)]
    [InlineData(";image/png", MediaTypes.Unknown)]
    public void A_declared_type_has_one_spelling(string? declared, string type) => Assert.Equal(type, MediaTypes.Normalize(declared));

    [Fact]
    public void A_type_that_is_too_long_is_none() => Assert.Equal(MediaTypes.Unknown, MediaTypes.Normalize("text/" + new string('x', 123)));

    [Theory]
    [InlineData("\u0089PNG\r\n\u001a\n", "image/png")]
    [InlineData("\u00FF\u00D8\u00FF\u00E0", "image/jpeg")]
    [InlineData("GIF89a", "image/gif")]
    [InlineData("RIFF....WEBPVP8X", "image/webp")]
    [InlineData("\0\0\0\u0020ftypavif\0\0\0\0", "image/avif")]
    [InlineData("\0\0\0\u0018ftypheic\0\0\0\0", "image/heic")]
    [InlineData("\0\0\0\u0018ftypmif1\0\0\0\0", "image/heif")]
    [InlineData("II*\0", "image/tiff")]
    [InlineData("BM....\0\0\0\0............\0\0\0\0\u0001\0\u0018\0", "image/bmp")]
    [InlineData("\0\0\0\u0020ftypisom\0\0\u0002\0", "video/mp4")]
    [InlineData("\0\0\0\u0020ftypmp42\0\0\0\0", "video/mp4")]
    [InlineData("\0\0\0\u0014ftypqt  \0\0\0\0", "video/quicktime")]
    [InlineData("\0\0\0\u0014ftypM4A \0\0\0\0", "audio/mp4")]
    [InlineData("\0\0\0\u0014ftyp3gp4\0\0\0\0", "video/3gpp")]
    [InlineData("\u001aE\u00DF\u00A3\u009FB\u0086\u0081\u0001B\u0082\u0084webmB\u0087", "video/webm")]
    [InlineData("\u001aE\u00DF\u00A3\u00A3B\u0086\u0081\u0001B\u0082\u0088matroska", "video/x-matroska")]
    [InlineData("RIFF....AVI LIST", "video/x-msvideo")]
    [InlineData("RIFF....WAVEfmt ", "audio/wav")]
    [InlineData("OggS\0\u0002\0\0\0\0\0\0\0\0....\0\0\0\0....\u0001\u0013OpusHead", "audio/ogg")]
    [InlineData("OggS\0\u0002\0\0\0\0\0\0\0\0....\0\0\0\0....\u0001\u001e\u0001vorbis", "audio/ogg")]
    [InlineData("OggS\0\u0002\0\0\0\0\0\0\0\0....\0\0\0\0....\u0001\u002a\u0080theora", "video/ogg")]
    [InlineData("fLaC\0\0\0\"", "audio/flac")]
    [InlineData("ID3\u0004\0\0", "audio/mpeg")]
    [InlineData("%PDF-1.7\n%\u00E2\u00E3", "application/pdf")]
    [InlineData("PK\u0003\u0004\u0014\0", "application/zip")]
    [InlineData("PK\u0005\u0006\0\0", "application/zip")]
    [InlineData("\u001f\u008b\u0008\0", "application/gzip")]
    [InlineData("\u0028\u00B5\u002F\u00FD", "application/zstd")]
    [InlineData("7z\u00BC\u00AF\u0027\u001C", "application/x-7z-compressed")]
    [InlineData("Rar!\u001a\u0007\u0001\0", "application/vnd.rar")]
    [InlineData("\u007FELF\u0002\u0001", "application/x-elf")]
    [InlineData("SQLite format 3\0", "application/vnd.sqlite3")]
    public void The_bytes_tell_the_type_whatever_was_declared(string head, string type)
    {
        Assert.Equal(type, Sniff(head, null, "file"));
        Assert.Equal(type, Sniff(head, "text/plain", "file.txt"));
        Assert.Equal(type, Sniff(head, "text/html", "file.html"));
        Assert.Equal(type, Sniff(head, "image/x-whatever", "file"));
        Assert.Equal(type, Sniff(head, type, "file"));
    }

    [Fact]
    public void A_windows_program_and_an_mp3_need_a_second_look()
    {
        var program = new byte[256];
        "MZ"u8.CopyTo(program);
        program[60] = 128;
        "PE\0\0"u8.CopyTo(program.AsSpan(128));
        Assert.Equal("application/vnd.microsoft.portable-executable", MediaTypes.Sniff(program, "image/png", "holiday.png"));
        Assert.Equal("text/plain", Sniff("MZ is how a program begins, but this is only a sentence about it, long enough to have an offset.", null, "x"));

        var song = new byte[1_000];
        (song[0], song[1], song[2], song[417], song[418]) = (0xFF, 0xFB, 0x90, 0xFF, 0xFB);
        Assert.Equal("audio/mpeg", MediaTypes.Sniff(song, null, "song"));
        song[418] = 0;
        Assert.Equal(MediaTypes.Unknown, MediaTypes.Sniff(song, null, "song"));
        Assert.Equal("audio/mpeg", MediaTypes.Sniff(song, "audio/mpeg", "song.mp3"));
    }

    [Theory]
    [InlineData("PK\u0003\u0004", Docx, "x", Docx)]
    [InlineData("PK\u0003\u0004", null, "letter.DOCX", Docx)]
    [InlineData("PK\u0003\u0004", "application/zip", "book.epub", "application/epub+zip")]
    [InlineData("PK\u0003\u0004", "image/png", "x.png", "application/zip")]
    [InlineData("PK\u0003\u0004", "text/html", "x.zip", "application/zip")]
    [InlineData("\u00D0\u00CF\u0011\u00E0\u00A1\u00B1\u001A\u00E1", null, "old.doc", "application/msword")]
    [InlineData("\u00D0\u00CF\u0011\u00E0\u00A1\u00B1\u001A\u00E1", "application/vnd.ms-excel", "x", "application/vnd.ms-excel")]
    [InlineData("\0\0\0\u0020ftypisom\0\0\u0002\0", "audio/mp4", "voice", "audio/mp4")]
    [InlineData("\0\0\0\u0020ftypisom\0\0\u0002\0", null, "song.m4a", "audio/mp4")]
    [InlineData("\u001aE\u00DF\u00A3\u009FB\u0086\u0081\u0001B\u0082\u0084webmB\u0087", "audio/webm;codecs=opus", "voice", "audio/webm")]
    [InlineData("OggS\0", "video/ogg", "x", "video/ogg")]
    [InlineData("\0\0\u0010\0mdat....", "video/quicktime", "old.mov", "video/quicktime")]
    [InlineData("garbage %PDF-1.4", "application/pdf", "x.pdf", "application/pdf")]
    public void Of_a_container_the_declared_use_counts_then_the_name(string head, string? declared, string name, string type) =>
        Assert.Equal(type, Sniff(head, declared, name));

    [Theory]
    [InlineData("<!DOCTYPE html><p>", "text/html")]
    [InlineData("\n\t <HTML>", "text/html")]
    [InlineData("<script>alert(1)</script>", "text/html")]
    [InlineData("<!-- x --><body onload=alert(1)>", "text/html")]
    [InlineData("<!-- never closed", "text/html")]
    [InlineData("\u00EF\u00BB\u00BF<html>", "text/html")]
    [InlineData("\u00FF\u00FE<\0h\0t\0m\0l\0>\0", "text/html")]
    [InlineData("\0\0<html>", "text/html")]
    [InlineData("<iframe\0src=x><p>\u0001", null)]
    [InlineData("<img src=x onerror=alert(1)>", "text/html")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/svg+xml")]
    [InlineData("<?xml version='1.0'?>\n<!-- by hand --><SVG>", "image/svg+xml")]
    [InlineData("<x:svg xmlns:x=\"http://www.w3.org/2000/svg\">", "image/svg+xml")]
    [InlineData("<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\"><svg>", "image/svg+xml")]
    [InlineData("<html><svg/></html>", "text/html")]
    [InlineData("<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\">", "application/xhtml+xml")]
    [InlineData("<?xml version=\"1.0\"?><note/>", "application/xml")]
    [InlineData("<?xml-stylesheet href='x'?><note/>", "application/xml")]
    public void What_a_browser_would_run_is_never_taken_for_something_safe(string head, string? type)
    {
        foreach (var declared in new[] { "image/png", "image/jpeg", "text/plain", "video/mp4", "audio/mpeg", "image/svg", "application/octet-stream", null })
        {
            var found = Sniff(head, declared, "picture.png");
            Assert.False(MediaTypes.IsSafeInline(found) && found != "audio/mpeg", $"{declared} -> {found}");
            if (type is not null && declared != "image/svg")
                Assert.Equal(type, found);
        }
    }

    [Fact]
    public void A_script_is_known_by_its_name_or_its_declaration()
    {
        Assert.Equal("text/javascript", Sniff("alert(1)", "image/png", "x.js"));
        Assert.Equal("text/javascript", Sniff("alert(1)", "text/plain", "x.mjs"));
        Assert.Equal("text/javascript", Sniff("alert(1)", "application/javascript", "x.png"));
        Assert.Equal("text/html", Sniff("just words", "text/plain", "x.html"));
        Assert.Equal("text/html", Sniff("just words", "text/html", "x.txt"));
        Assert.Equal("image/svg+xml", Sniff("just words", null, "x.svg"));
    }

    [Theory]
    [InlineData("hello, wörld", null, "x", "text/plain")]
    [InlineData("hello", "image/png", "x.png", "text/plain")]
    [InlineData("hello", "video/mp4", "x.mp4", "text/plain")]
    [InlineData("hello", "application/pdf", "x.pdf", "text/plain")]
    [InlineData("hello", Docx, "x.docx", "text/plain")]
    [InlineData("a,b\n1,2", "text/csv", "x", "text/csv")]
    [InlineData("a,b\n1,2", null, "x.csv", "text/csv")]
    [InlineData("{\"a\":1}", "application/json", "x", "application/json")]
    [InlineData("#EXTM3U", "audio/x-mpegurl", "x.m3u", "audio/x-mpegurl")]
    [InlineData("v 1 2 3", "model/obj", "x.obj", "model/obj")]
    [InlineData("<div align=center>", "text/markdown", "README.md", "text/markdown")]
    [InlineData("<?xml version='1.0'?><rss/>", "application/rss+xml", "x", "application/rss+xml")]
    [InlineData("1 < 2 and <b2> is no tag", null, "x", "text/plain")]
    [InlineData("<ana@example.org> wrote:", null, "x", "text/plain")]
    [InlineData("{\\rtf1", "text/plain", "x", "application/rtf")]
    public void Text_is_text(string head, string? declared, string name, string type) => Assert.Equal(type, MediaTypes.Sniff(Encoding.UTF8.GetBytes(head), declared, name));

    [Fact]
    public void Text_may_end_within_a_character_and_be_of_old_times()
    {
        var text = Encoding.UTF8.GetBytes("写写写");
        for (var length = 1; length <= text.Length; length++)
            Assert.Equal("text/plain", MediaTypes.Sniff(text.AsSpan(0, length), null, "x"));
        Assert.Equal(MediaTypes.Unknown, Sniff("caf\u00E9 au lait", null, "x")); // Latin-1, and nobody said so
        Assert.Equal("text/plain", Sniff("caf\u00E9 au lait", "text/plain", "x"));
        Assert.Equal("text/plain", Sniff("caf\u00E9 au lait", null, "x.txt"));
        Assert.Equal("text/plain", Sniff("\u00FF\u00FEh\0i\0", null, "x"));
    }

    [Theory]
    [InlineData("\0\u0001\u0002\u0003", "image/png", MediaTypes.Unknown)]
    [InlineData("\0\u0001\u0002\u0003", "text/plain", MediaTypes.Unknown)]
    [InlineData("\0\u0001\u0002\u0003", "text/html", MediaTypes.Unknown)]
    [InlineData("\0\u0001\u0002\u0003", "application/json", MediaTypes.Unknown)]
    [InlineData("\0\u0001\u0002\u0003", Docx, MediaTypes.Unknown)]
    [InlineData("\0\u0001\u0002\u0003", null, MediaTypes.Unknown)]
    [InlineData("\0\u0001\u0002\u0003", "application/x-own", "application/x-own")]
    [InlineData("\0\u0001\u0002\u0003", "image/x-canon-cr2", "image/x-canon-cr2")]
    [InlineData("", "image/png", "image/png")]
    [InlineData("", null, MediaTypes.Unknown)]
    public void What_the_bytes_contradict_is_unknown(string head, string? declared, string type) => Assert.Equal(type, Sniff(head, declared, "x"));

    [Theory]
    [InlineData("image/jpeg", true)]
    [InlineData("video/mp4", true)]
    [InlineData("audio/flac", true)]
    [InlineData("text/plain", true)]
    [InlineData("image/svg+xml", false)]
    [InlineData("text/html", false)]
    [InlineData("application/xhtml+xml", false)]
    [InlineData("application/xml", false)]
    [InlineData("application/pdf", false)]
    [InlineData("text/css", false)]
    [InlineData("text/javascript", false)]
    [InlineData("image/tiff", false)]
    [InlineData(MediaTypes.Unknown, false)]
    public void Only_a_short_list_is_shown_in_place(string type, bool safe) => Assert.Equal(safe, MediaTypes.IsSafeInline(type));

    [Theory]
    [InlineData("image/heic", false, MessageTypes.Image)]
    [InlineData("image/svg+xml", false, MessageTypes.Document)]
    [InlineData("video/webm", false, MessageTypes.Video)]
    [InlineData("audio/webm", false, MessageTypes.Audio)]
    [InlineData("audio/webm", true, MessageTypes.Voice)]
    [InlineData("video/mp4", true, MessageTypes.Video)]
    [InlineData("application/pdf", true, MessageTypes.Document)]
    [InlineData("text/plain", false, MessageTypes.Document)]
    public void A_file_makes_a_message_of_its_kind(string type, bool voice, string kind) => Assert.Equal(kind, MediaTypes.KindOf(type, voice));

    [Fact]
    public void What_is_written_gets_smaller_and_what_is_recorded_does_not()
    {
        Assert.All(["text/plain", "text/csv", "application/json", "image/svg+xml", "application/xml", "application/x-ndjson", "application/geo+json"], type => Assert.True(MediaTypes.IsCompressible(type), type));
        Assert.All(["image/png", "video/mp4", "application/zip", "application/pdf", Docx, MediaTypes.Unknown], type => Assert.False(MediaTypes.IsCompressible(type), type));
        Assert.Equal("text/plain; charset=utf-8", MediaTypes.Header("text/plain"));
        Assert.Equal("image/png", MediaTypes.Header("image/png"));
    }

    [Fact]
    public void A_list_of_types_has_whole_families()
    {
        string[] list = ["image/*", "Application/PDF", "audio/x-m4a"];
        Assert.All(["image/png", "application/pdf", "audio/mp4"], type => Assert.True(MediaTypes.IsAllowed(type, list), type));
        Assert.All(["video/mp4", "imagex/png", "application/pdfx"], type => Assert.False(MediaTypes.IsAllowed(type, list), type));
        Assert.True(MediaTypes.IsAllowed("video/mp4", []));
        Assert.True(MediaTypes.IsAllowed("video/mp4", ["*/*"]));
        Assert.All([.. list, "*", "*/*", MediaTypes.Unknown], pattern => Assert.True(MediaTypes.IsPattern(pattern), pattern));
        Assert.All(["", "image", "image/", "*/png", "ima ge/*", "/*"], pattern => Assert.False(MediaTypes.IsPattern(pattern), pattern));
    }

    [Fact]
    public void Any_bytes_at_all_have_some_type()
    {
        var dice = new Dice();
        string[] starts = ["<", "<svg", "OggS\0", "\u001aE\u00DF\u00A3", "BM", "MZ", "\u00FF\u00FB", "\u00FF\u00F1", "\u00FF\u00FE", "\0\0\0\u0020ftyp", "RIFF", "PK\u0003\u0004", "FWS", "<!--", "<?", ""];
        for (var round = 0; round < 20_000; round++)
        {
            var head = Encoding.Latin1.GetBytes(starts[dice.Next(starts.Length)] + string.Concat(Enumerable.Range(0, dice.Next(100)).Select(_ => (char)dice.Next(256))));
            var type = MediaTypes.Sniff(head, dice.Next(2) == 0 ? null : "image/png", "x.png");
            Assert.True(type == MediaTypes.Normalize(type), $"{type} of seed {dice.Seed}");
        }
    }

    private static string Sniff(string head, string? declared, string name) => MediaTypes.Sniff(Encoding.Latin1.GetBytes(head), declared, name);
}
