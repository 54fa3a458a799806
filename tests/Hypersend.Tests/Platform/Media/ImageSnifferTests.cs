using System.Text;
using Hypersend.Server.Platform.Media;

namespace Hypersend.Tests.Platform.Media;

public sealed class ImageSnifferTests
{
    [Theory]
    [InlineData("\u0089PNG\r\n\u001a\n", "image/png", ".png")]
    [InlineData("\u00FF\u00D8\u00FF\u00E0", "image/jpeg", ".jpg")]
    [InlineData("GIF87a", "image/gif", ".gif")]
    [InlineData("GIF89a...", "image/gif", ".gif")]
    [InlineData("RIFF....WEBPVP8 ", "image/webp", ".webp")]
    [InlineData("RIFF....WEBPVP8X", "image/webp", ".webp")]
    [InlineData("\0\0\0\u0020ftypavif\0\0\0\0", "image/avif", ".avif")]
    [InlineData("\0\0\0\u001cftypmif1\0\0\0\0miafavif", "image/avif", ".avif")]
    public void A_picture_is_known_by_its_first_bytes(string head, string mime, string extension) =>
        Assert.Equal(new ImageType(mime, extension), ImageSniffer.Of(Encoding.Latin1.GetBytes(head)));

    [Theory]
    [InlineData("")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'>")]
    [InlineData("<?xml version='1.0'?><svg/>")]
    [InlineData("<!doctype html>")]
    [InlineData("GIF88a")]
    [InlineData("\u0089PNG")]
    [InlineData("RIFF....WAVEfmt ")]
    [InlineData("RIFF....WEBP")]
    [InlineData("\0\0\0\u0018ftypmif1\0\0\0\0mif1heicavif")]
    [InlineData("\0\0\0\u0020ftypheic\0\0\0\0mif1heic")]
    [InlineData("\0\0\0\0ftypavif\0\0\0\0")]
    [InlineData("BM......")]
    public void Anything_else_is_no_picture(string head) => Assert.Null(ImageSniffer.Of(Encoding.Latin1.GetBytes(head)));
}
