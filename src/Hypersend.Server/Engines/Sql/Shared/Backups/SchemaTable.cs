using System.Text.RegularExpressions;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>What a column holds, whichever engine keeps it.</summary>
internal enum SchemaType
{
    Integer,
    Boolean,
    Text,
    Bytes,
    Id,
}

internal sealed record SchemaColumn(string Name, SchemaType Type);

/// <summary>A table as the steps of the schema make it: their text says what both engines' own catalogues do not, which bytes are an id.</summary>
internal sealed partial record SchemaTable(string Name, IReadOnlyList<SchemaColumn> Columns, string? Number)
{
    /// <summary>The tables after these steps, in the order in which they were made: no row refers to a table behind its own.</summary>
    public static IReadOnlyList<SchemaTable> After(IEnumerable<Migration> steps)
    {
        var tables = new List<(string Name, List<SchemaColumn> Columns, string? Number)>();
        foreach (var step in steps)
        {
            foreach (Match match in Statement().Matches(step.Sql))
            {
                if (match.Groups["made"] is { Success: true } made)
                {
                    var columns = Column().Matches(match.Groups["columns"].Value);
                    var number = columns.FirstOrDefault(column => column.Groups["type"].Value == "number")?.Groups["name"].Value;
                    tables.Add((made.Value, [.. columns.Select(Read)], number));
                }
                else
                {
                    tables.Single(table => table.Name == match.Groups["changed"].Value).Columns.Add(Read(match));
                }
            }
        }

        return [.. tables.Select(table => new SchemaTable(table.Name, table.Columns, table.Number))];
    }

    private static SchemaColumn Read(Match match) => new(
        match.Groups["name"].Value,
        match.Groups["type"].Value switch
        {
            "int" or "time" or "number" => SchemaType.Integer,
            "bool" => SchemaType.Boolean,
            "text" => SchemaType.Text,
            "bytes" => SchemaType.Bytes,
            "uuid" => SchemaType.Id,
            var other => throw new InvalidOperationException($"The schema has a type {other} that backups do not know."),
        });

    [GeneratedRegex(@"^CREATE TABLE (?<made>\w+) \(\n(?<columns>.*?)\n\)\{strict\};|^ALTER TABLE (?<changed>\w+) ADD COLUMN (?<name>\w+) \{(?<type>\w+)\}", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Statement();

    [GeneratedRegex(@"^    (?<name>\w+) \{(?<type>\w+)\}", RegexOptions.Multiline)]
    private static partial Regex Column();
}
