using System.Globalization;

namespace Hypersend.Server.Platform.Text;

/// <summary>The beginning of a text, cut between what people see as characters.</summary>
internal static class Excerpt
{
    public static string Of(string text, int most)
    {
        text = text.Trim();
        if (text.Length <= most)
            return text;
        var end = 0;
        while (end < text.Length)
        {
            var next = end + StringInfo.GetNextTextElementLength(text, end);
            if (next > most - 1)
                break;
            end = next;
        }

        return text[..end].TrimEnd() + "…";
    }
}
