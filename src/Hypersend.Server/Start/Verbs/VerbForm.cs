namespace Hypersend.Server.Start.Verbs;

/// <summary>How a verb is called and what it does: one entry of the list that <c>--help</c> shows.</summary>
/// <param name="Words">As they are typed, for example <c>search rebuild</c>.</param>
/// <param name="Says">What it does, in half a sentence.</param>
internal sealed record VerbForm(string Words, string Says)
{
    /// <summary>What must follow the words, in this order.</summary>
    public IReadOnlyList<string> Operands { get; init; } = [];

    /// <summary>Options that stand alone, for example <c>--dry</c>.</summary>
    public IReadOnlyList<string> Switches { get; init; } = [];

    /// <summary>Options with a value, and what the list calls it.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    public string Line =>
        string.Join(' ', Operands.Prepend(Words).Concat(Switches.Select(name => $"[{name}]")).Concat(Values.Select(value => $"[{value.Key} {value.Value}]")));
}
