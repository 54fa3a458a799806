using System.Globalization;

namespace Hypersend.Server.Features.Links;

/// <summary>Sizes on the page of a link, in the words that browsers use for them in the web app.</summary>
internal static class LinkSizes
{
    private static readonly string[] Latin = ["kB", "MB", "GB", "TB"];
    private static readonly string[] French = ["ko", "Mo", "Go", "To"];
    private static readonly string[] Japanese = ["KB", "MB", "GB", "TB"];
    private static readonly string[] Telugu = ["కేబీ", "ఎమ్‌బి", "జీబీ", "టీబీ"];
    private static readonly string[] Arabic = ["كيلوبايت", "م.ب", "غ.ب", "تيرابايت"];

    public static string Text(string language, long size)
    {
        var (value, scale) = ((double)size, -1);
        while (value >= 1000 && scale < Latin.Length - 1)
            (value, scale) = (value / 1000, scale + 1);
        var number = value.ToString(scale < 0 || value >= 100 ? "0" : "0.#", CultureInfo.InvariantCulture);
        if (language is "fr" or "de")
            number = number.Replace('.', ',');
        return number + (language == "zh" && scale < 0 ? "" : " ") + (scale < 0 ? Bytes(language, size) : Scales(language)[scale]);
    }

    private static string[] Scales(string language) => language switch
    {
        "ar" => Arabic,
        "fr" => French,
        "ja" => Japanese,
        "te" => Telugu,
        _ => Latin,
    };

    private static string Bytes(string language, long count) => language switch
    {
        "ar" => "بايت",
        "bn" => "বাইট",
        "de" => "Byte",
        "fr" => count < 2 ? "octet" : "octets",
        "gu" => "બાઇટ",
        "hi" or "bho" or "mr" => "बाइट",
        "ja" => "バイト",
        "pa" => "ਬਾਇਟ",
        "ta" => count == 1 ? "பைட்" : "பைட்கள்",
        "te" => count == 1 ? "బైట్" : "బైట్‌లు",
        "ur" => count == 1 ? "بائٹ" : "بائٹس",
        "zh" => "字节",
        _ => count == 1 ? "byte" : "bytes",
    };
}
