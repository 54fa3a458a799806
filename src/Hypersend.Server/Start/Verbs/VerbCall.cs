using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Start.Verbs;

/// <summary>One use of a verb: what was typed after its words, and where it reads and writes.</summary>
internal sealed record VerbCall(TextReader In, TextWriter Out, TextWriter Error)
{
    public IReadOnlyList<string> Operands { get; init; } = [];

    public IReadOnlySet<string> Switches { get; init; } = new HashSet<string>();

    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    /// <summary>Settings as the server itself takes them.</summary>
    public string[] Settings { get; init; } = [];

    /// <summary>Asks a question whose answer the screen does not show; null where nobody can be asked.</summary>
    public Func<string, string>? AskHidden { get; init; }

    public bool Has(string name) => Switches.Contains(name);

    public string? Value(string name) => Values.GetValueOrDefault(name);

    /// <summary>Says why it was not done, in the words of the API, and gives the exit code of that.</summary>
    public int Refuse(Failure failure)
    {
        var (row, errors) = (ErrorTable.Of(failure.Code), failure.Errors?.Select(field => $"{field.Key} {string.Join(", ", field.Value)}") ?? []);
        Error.WriteLine($"{failure.Detail ?? string.Join("; ", errors.DefaultIfEmpty(row.Title))}. {failure.Hint ?? row.Hint}");
        return ExitCodes.Failed;
    }
}
