namespace Hypersend.Server.Features.Search;

/// <summary>
/// One word of a text, and where it stands there. Those of a script without gaps are single characters.
/// </summary>
/// <param name="Text">In the form in which words are compared.</param>
/// <param name="Start">Of its first character.</param>
/// <param name="End">Behind its last character.</param>
/// <param name="IsUnit">A single character of a script without gaps.</param>
/// <param name="IsArabic">No letter says that it is Urdu or Persian, whose words may begin like an article and have none.</param>
internal readonly record struct Word(string Text, int Start, int End, bool IsUnit, bool IsArabic = true)
{
    // Two letters are the beginning of far too much.
    private const int LeastBeginningOfStem = 3;

    /// <summary>Without its Arabic article; null when it has none.</summary>
    public string? Stem { get; } = IsUnit || !IsArabic ? null : WordForm.WithoutArticle(Text);

    /// <summary>Whether it is what somebody typed, or begins with it; with the article or without.</summary>
    public bool Answers(Word typed, bool asBeginning)
    {
        var isBeginning = asBeginning && !IsUnit && !typed.IsUnit;
        return Says(typed.Text, isBeginning && typed.Text.Length >= SearchTerms.LeastBeginning)
            || (typed.Stem is { } stem && Says(stem, isBeginning && stem.Length >= LeastBeginningOfStem));
    }

    private bool Says(string typed, bool asBeginning) => asBeginning
        ? Text.StartsWith(typed, StringComparison.Ordinal) || (Stem?.StartsWith(typed, StringComparison.Ordinal) ?? false)
        : Text == typed || Stem == typed;
}
