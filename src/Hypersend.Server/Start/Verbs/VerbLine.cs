namespace Hypersend.Server.Start.Verbs;

/// <summary>Reads what follows a verb's words: its operands and options in lower case, the server's settings in upper case.</summary>
internal static class VerbLine
{
    /// <summary>The call, or the sentence that says what is wrong with the line.</summary>
    public static string? Read(VerbForm form, IReadOnlyList<string> rest, VerbCall empty, out VerbCall call)
    {
        List<string> operands = [];
        List<string> settings = [];
        HashSet<string> switches = [];
        Dictionary<string, string> values = [];
        call = empty with { Operands = operands, Switches = switches, Values = values };
        for (var at = 0; at < rest.Count; at++)
        {
            if (!rest[at].StartsWith("--", StringComparison.Ordinal))
            {
                operands.Add(rest[at]);
                continue;
            }

            var equals = rest[at].IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? rest[at] : rest[at][..equals];
            if (form.Switches.Contains(name) && equals < 0)
            {
                switches.Add(name);
                continue;
            }

            if (!form.Values.ContainsKey(name) && !IsSetting(name))
                return $"{form.Words} has no option {name}.";
            if (equals < 0 && at + 1 == rest.Count)
                return $"{name} needs a value.";
            var value = equals < 0 ? rest[++at] : rest[at][(equals + 1)..];
            if (form.Values.ContainsKey(name))
                values[name] = value;
            else
                settings.Add($"{name}={value}");
        }

        call = call with { Settings = [.. settings] };
        if (operands.Count > form.Operands.Count)
            return $"{form.Words} takes {(form.Operands.Count == 0 ? "nothing" : string.Join(' ', form.Operands))}, not also {operands[form.Operands.Count]}.";
        return operands.Count < form.Operands.Count ? $"{form.Words} needs {string.Join(' ', form.Operands.Skip(operands.Count))}." : null;
    }

    private static bool IsSetting(string name) => name == "--urls" || (name.Length > 2 && char.IsAsciiLetterUpper(name[2]));
}
