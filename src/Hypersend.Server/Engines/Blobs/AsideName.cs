namespace Hypersend.Server.Engines.Blobs;

/// <summary>Names of what is kept beside a file are of our own making: short, plain, and never a way to somewhere else.</summary>
internal static class AsideName
{
    private const int LongestName = 32;

    public static void Check(string name)
    {
        if (name.Length is 0 or > LongestName || !name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-'))
            throw new ArgumentException("A name must be of lower-case letters, digits and hyphens.", nameof(name));
    }
}
