namespace Hypersend.Server.Features.Search;

/// <summary>Words that follow each other; the last one may be only the beginning of a word.</summary>
internal sealed record Phrase(IReadOnlyList<Word> Words, bool EndsAsBeginning)
{
    /// <summary>Whether it asks for the same, wherever it was typed.</summary>
    public bool IsSame(Phrase other) =>
        EndsAsBeginning == other.EndsAsBeginning && Words.Select(word => word.Text).SequenceEqual(other.Words.Select(word => word.Text));
}

/// <summary>What somebody looks for, as it was typed; names are not looked up yet.</summary>
internal sealed record SearchQuery
{
    public List<Phrase> All { get; } = [];

    public List<Phrase> None { get; } = [];

    public List<Phrase> Filenames { get; } = [];

    /// <summary>Of one of these people.</summary>
    public List<string> From { get; } = [];

    public List<string> In { get; } = [];

    public bool HasFile { get; set; }

    public bool HasLink { get; set; }

    public bool HasImage { get; set; }

    public DateTimeOffset? Before { get; set; }

    /// <summary>At that moment or later.</summary>
    public DateTimeOffset? After { get; set; }

    public long? LargerThan { get; set; }

    public long? SmallerThan { get; set; }

    public bool MentionsMe { get; set; }

    public bool IsPinned { get; set; }

    /// <summary>It wants something of a message; what only excludes, or is nothing but punctuation, finds nothing.</summary>
    public bool IsWish => All.Count > 0 || Filenames.Count > 0 || From.Count > 0 || In.Count > 0 || HasFile || HasLink || HasImage
        || Before is not null || After is not null || LargerThan is not null || SmallerThan is not null || MentionsMe || IsPinned;
}
