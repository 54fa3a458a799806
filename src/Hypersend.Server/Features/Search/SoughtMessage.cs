using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;

namespace Hypersend.Server.Features.Search;

/// <summary>
/// Looks at a message itself, as it is now: the index only says which ones may be meant, and may be a moment behind.
/// </summary>
internal sealed class SoughtMessage(SearchQuery query, UserId viewer, IReadOnlySet<UserId>? senders)
{
    // More are no help to who reads them.
    private const int MostRanges = 100;

    private const string Host = "www.";

    /// <summary>Where the message says what is looked for, at its first hundred places; null when it is not meant.</summary>
    public IReadOnlyList<TextRange>? Find(Message message)
    {
        if (message.DeletedAt is not null || message.Type == MessageTypes.System || !HasFacts(message) || !HasFiles(message.Files))
            return null;
        var ranges = new List<TextRange>();
        if (query.All.Count == 0 && query.None.Count == 0 && query.Filenames.Count == 0)
            return ranges;
        var said = Tokeniser.Words(message.Content ?? "");
        var named = message.Files.Select(file => Tokeniser.Words(NameOf(file))).ToList();
        foreach (var phrase in query.None)
        {
            if (Says(said, phrase, ranges: null) || named.Exists(words => Says(words, phrase, ranges: null)))
                return null;
        }

        foreach (var phrase in query.All)
        {
            if (!Says(said, phrase, ranges) && !named.Exists(words => Says(words, phrase, ranges: null)))
                return null;
        }

        foreach (var phrase in query.Filenames)
        {
            if (!named.Exists(words => Says(words, phrase, ranges: null)))
                return null;
        }

        return Joined(ranges);
    }

    /// <summary>Whether these words say the phrase somewhere; its first places are added to the ranges.</summary>
    public static bool Says(IReadOnlyList<Word> words, Phrase phrase, List<TextRange>? ranges)
    {
        var found = 0;
        var wanted = phrase.Words;
        for (var at = 0; at + wanted.Count <= words.Count; at++)
        {
            var i = 0;
            while (i < wanted.Count && words[at + i].Answers(wanted[i], asBeginning: phrase.EndsAsBeginning && i == wanted.Count - 1))
                i++;
            if (i < wanted.Count)
                continue;
            if (ranges is null || ++found > MostRanges)
                return true;
            ranges.Add(new TextRange(words[at].Start, words[at + wanted.Count - 1].End - words[at].Start));
        }

        return found > 0;
    }

    /// <summary>What a file is found by: its name, and the folders it was sent with.</summary>
    public static string NameOf(SharedFile file) => file.Path is { } path ? $"{path} {file.Filename}" : file.Filename;

    public static bool IsImage(SharedFile file) => file.Mime.StartsWith("image/", StringComparison.Ordinal);

    public static bool HasLink(string? content) => content is not null
        && (content.Contains("http://", StringComparison.OrdinalIgnoreCase) || content.Contains("https://", StringComparison.OrdinalIgnoreCase)
            || HasHost(content));

    // "awww." is none.
    private static bool HasHost(string content)
    {
        for (var at = content.IndexOf(Host, StringComparison.OrdinalIgnoreCase); at >= 0; at = content.IndexOf(Host, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            if ((at == 0 || !char.IsLetterOrDigit(content[at - 1])) && at + Host.Length < content.Length && char.IsLetterOrDigit(content[at + Host.Length]))
                return true;
        }

        return false;
    }

    private bool HasFacts(Message message) =>
        (senders is null || senders.Contains(message.Sender.Id))
        && !(message.CreatedAt >= query.Before)
        && !(message.CreatedAt < query.After)
        && (!query.IsPinned || message.Pinned)
        && (!query.MentionsMe || message.MentionsAll || message.Mentions.Contains(viewer))
        && (!query.HasLink || HasLink(message.Content));

    private bool HasFiles(IReadOnlyList<SharedFile> files) =>
        (!query.HasFile || files.Count > 0)
        && (!query.HasImage || files.Any(IsImage))
        && ((query.LargerThan is null && query.SmallerThan is null)
            || files.Any(file => file.Size is { } size && !(size <= query.LargerThan) && !(size >= query.SmallerThan)));

    private static List<TextRange> Joined(List<TextRange> ranges)
    {
        ranges.Sort((one, other) => one.Start != other.Start ? one.Start.CompareTo(other.Start) : other.Length.CompareTo(one.Length));
        var joined = new List<TextRange>(Math.Min(ranges.Count, MostRanges));
        foreach (var range in ranges)
        {
            if (joined.Count > 0 && range.Start < joined[^1].Start + joined[^1].Length)
                joined[^1] = joined[^1] with { Length = Math.Max(joined[^1].Length, range.Start + range.Length - joined[^1].Start) };
            else if (joined.Count == MostRanges)
                break;
            else
                joined.Add(range);
        }

        return joined;
    }
}

/// <summary>A part of a text, in UTF-16 code units, as JavaScript counts.</summary>
internal readonly record struct TextRange(int Start, int Length);
