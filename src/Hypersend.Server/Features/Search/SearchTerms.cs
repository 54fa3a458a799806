using System.Globalization;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Features.Search;

/// <summary>
/// The terms that stand in the index, as numbers of 32 bits. They only say what may be meant: two words can have the same
/// number, so whoever finds a message looks at the message itself, too.
/// </summary>
internal static class SearchTerms
{
    /// <summary>Words are found by beginnings of this length and longer; a single letter only as a word.</summary>
    public const int LeastBeginning = 2;

    private const int MostBeginning = 8;

    // Six letters and the look at the message tell words of seven apart well enough, and an entry costs something.
    private const int LeftOut = 7;

    private const uint Begin = 2166136261u;
    private const uint Prime = 16777619u;

    // Sizes are known to the index in steps of four, from 64 KiB to 1 TiB.
    private const int FirstSize = 16;
    private const int LastSize = 40;
    private const int SizeStep = 2;

    public static int File { get; } = OfName("has:file");

    public static int Image { get; } = OfName("has:image");

    public static int Link { get; } = OfName("has:link");

    public static int Pinned { get; } = OfName("is:pinned");

    public static int Everybody { get; } = OfName("to:all");

    public static int Chat(long chatNo) => OfName(string.Create(CultureInfo.InvariantCulture, $"in:{chatNo}"));

    public static int From(UserId user) => OfName($"from:{user}");

    public static int To(UserId user) => OfName($"to:{user}");

    /// <summary>The largest step that every file of more than so many bytes is above; null when there is none.</summary>
    public static int? LargerThan(long bytes)
    {
        for (var step = LastSize; step >= FirstSize; step -= SizeStep)
        {
            if (bytes >= 1L << step)
                return OfName(string.Create(CultureInfo.InvariantCulture, $"size:{step}"));
        }

        return null;
    }

    public static void AddSizes(ICollection<int> terms, SharedFile file)
    {
        for (var step = FirstSize; step <= LastSize && file.Size >= 1L << step; step += SizeStep)
            terms.Add(OfName(string.Create(CultureInfo.InvariantCulture, $"size:{step}")));
    }

    /// <summary>Every beginning of every word, and two neighbours of those that are written without gaps.</summary>
    public static void Add(ICollection<int> terms, IReadOnlyList<Word> words)
    {
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            if (word.IsUnit)
            {
                terms.Add(Hash(word.Text));
                if (i + 1 < words.Count && words[i + 1].IsUnit)
                    terms.Add(OfPair(word, words[i + 1]));
                continue;
            }

            AddBeginnings(terms, word.Text);
            if (word.Stem is { } stem)
                AddBeginnings(terms, stem);
        }
    }

    /// <summary>The beginnings of a word of plain letters and digits, large ones as if they were small.</summary>
    public static void AddPlain(List<int> terms, ReadOnlySpan<char> word)
    {
        var hash = Begin;
        for (var length = 1; length <= Math.Min(word.Length, MostBeginning); length++)
        {
            var character = word[length - 1];
            hash = Next(hash, char.IsAsciiLetterUpper(character) ? (char)(character | 0x20) : character);
            if ((length >= LeastBeginning && length != LeftOut) || word.Length < LeastBeginning)
                terms.Add(Stirred(hash));
        }
    }

    /// <summary>
    /// What a message must have in the index when it says these words one after the other; and where a word may be meant with its
    /// article or as it was typed, one of these.
    /// </summary>
    public static void AddWanted(ISet<int> terms, ICollection<IReadOnlyCollection<int>> oneOf, IReadOnlyList<Word> phrase)
    {
        for (var i = 0; i < phrase.Count; i++)
        {
            var word = phrase[i];
            if (word.IsUnit && i + 1 < phrase.Count && phrase[i + 1].IsUnit)
                terms.Add(OfPair(word, phrase[i + 1]));
            else if (word.IsUnit && (i == 0 || !phrase[i - 1].IsUnit))
                terms.Add(Hash(word.Text));
            else if (!word.IsUnit && word.Stem is { } stem)
                oneOf.Add([OfBeginning(word.Text), OfBeginning(stem)]);
            else if (!word.IsUnit)
                terms.Add(OfBeginning(word.Text));
        }
    }

    private static int OfBeginning(string word) => Hash(word.AsSpan(0, BeginningOf(word.Length)));

    private static int BeginningOf(int length) => length >= MostBeginning ? MostBeginning : length == LeftOut ? LeftOut - 1 : length;

    private static int OfPair(Word first, Word second) => Hash(string.Concat(first.Text, second.Text));

    private static void AddBeginnings(ICollection<int> terms, string word)
    {
        if (word.Length < LeastBeginning)
            terms.Add(Hash(word));
        for (var length = LeastBeginning; length <= Math.Min(word.Length, MostBeginning); length++)
        {
            if (length != LeftOut)
                terms.Add(Hash(word.AsSpan(0, length)));
        }
    }

    // No word has a colon in it: names and words cannot be confused before they are hashed.
    private static int OfName(string name) => Hash(name);

    /// <summary>FNV-1a with a last stir: the numbers are kept on disk, so they may never change without a new version.</summary>
    private static int Hash(ReadOnlySpan<char> text)
    {
        var hash = Begin;
        foreach (var character in text)
            hash = Next(hash, character);
        return Stirred(hash);
    }

    private static uint Next(uint hash, char character) => (((hash ^ (character & 0xFFu)) * Prime) ^ ((uint)character >> 8)) * Prime;

    private static int Stirred(uint hash)
    {
        hash ^= hash >> 16;
        hash *= 0x85EBCA6Bu;
        hash ^= hash >> 13;
        return (int)hash;
    }
}
