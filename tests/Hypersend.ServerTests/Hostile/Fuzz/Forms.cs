using System.Text;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Hostile.Fuzz;

/// <summary>Forms of both kinds, with names that somebody may read, and broken where forms break: percent signs, boundaries, heads of parts, their number.</summary>
internal sealed class Forms(Dice dice, Junk junk)
{
    private static readonly string[] Names = ["password", "file", "chunk", "chunk_number", "upload_id", "filename", "file_size", "content_type", "name", "token", ""];

    private static readonly string[] PartHeads =
    [
        "form-data; name=\"{0}\"", "form-data; name=\"{0}\"; filename=\"{1}\"", "form-data; name={0}", "form-data; name=\"{0}\"; filename*=UTF-8''%ff%00", "form-data", "attachment; filename=\"{1}\"",
        "form-data; name=\"{0}", "form-data; name=\"{0}\"; filename=\"\"", "form-data; name=\"{0}\"; filename=\"../../{1}\"",
    ];

    /// <summary>Whether a route reads forms; openapi.json describes a few of their bodies only as bytes.</summary>
    public static bool MayBeReadBy(string path) =>
        path.StartsWith("/s/", StringComparison.Ordinal) || path.Contains("upload", StringComparison.Ordinal) || path.EndsWith("/avatar", StringComparison.Ordinal) || path.EndsWith("/thumbnail", StringComparison.Ordinal);

    public (byte[] Body, string Type) Any() => dice.OneIn(2) ? (junk.Damaged(Encoded()), "application/x-www-form-urlencoded") : Parts();

    private byte[] Encoded()
    {
        // More fields than anybody reads, now and then.
        var fields = Enumerable.Range(0, dice.OneIn(30) ? 2_000 : dice.Below(5)).Select(_ => Part(dice.Of(Names)) + (dice.OneIn(10) ? "" : "=" + Part(junk.Text())));
        return Encoding.UTF8.GetBytes(string.Join(dice.OneIn(20) ? ";" : "&", fields));
    }

    // As it should be, or just as it is: with zeros, ampersands and percent signs that begin nothing.
    private string Part(string text) => dice.OneIn(3) ? text : Uri.EscapeDataString(text.Replace(Junk.Lone, "", StringComparison.Ordinal));

    private (byte[] Body, string Type) Parts()
    {
        // It stands in a header, where the client lets through no more than this.
        var boundary = dice.OneIn(15) ? new string([.. junk.Text().Where(char.IsAscii).Where(letter => !char.IsControl(letter)).Take(90)]) : "edge" + dice.Below(1_000);
        var body = new StringBuilder();
        for (var left = dice.OneIn(40) ? 300 : dice.Below(5); left > 0; left--)
        {
            var head = dice.Of(PartHeads).Replace("{0}", dice.Of(Names), StringComparison.Ordinal).Replace("{1}", junk.Text(), StringComparison.Ordinal);
            body.Append("--").Append(boundary).Append("\r\nContent-Disposition: ").Append(head).Append(dice.OneIn(10) ? "\n" : "\r\n");
            if (dice.OneIn(2))
                body.Append("Content-Type: ").Append(junk.Text()).Append("\r\n");
            body.Append("\r\n").Append(junk.Text()).Append("\r\n");
        }

        if (!dice.OneIn(6))
            body.Append("--").Append(boundary).Append("--\r\n");
        var told = dice.Below(12) switch
        {
            0 => "multipart/form-data",
            1 => "multipart/form-data; boundary=",
            2 => "multipart/form-data; boundary=another",
            3 => "multipart/mixed; boundary=" + boundary,
            _ => $"multipart/form-data; boundary=\"{boundary}\"",
        };
        return (junk.Damaged(Encoding.UTF8.GetBytes(body.ToString())), told);
    }
}
