using System.Globalization;

namespace Hypersend.ServerTests.Authorization;

/// <summary>Who asks, as the columns of the matrix name them.</summary>
internal enum Actor
{
    Anonymous,
    Ended,
    Stranger,
    Self,
    ServerAdmin,
    Missing,

    // Those of one upload.
    UploadToken,
    OtherUpload,
    DeadUpload,

    // Those of one chat.
    Former,
    Subscriber,
    Member,
    Admin,
    Owner,
}

/// <summary>What an actor must get: a status and, where it matters, the code.</summary>
internal sealed record Outcome(int Status, string? Code);

/// <summary>One route with what each actor must get.</summary>
internal sealed record MatrixRow(string Method, string Path, bool InChat, IReadOnlyDictionary<Actor, Outcome> Outcomes)
{
    public string Route => $"{Method} {Path}";
}

/// <summary>The readable file, read.</summary>
internal static class Matrix
{
    public static IReadOnlyList<MatrixRow> Rows { get; } = Read();

    private static List<MatrixRow> Read()
    {
        using var file = typeof(Matrix).Assembly.GetManifestResourceStream("matrix.txt")!;
        using var reader = new StreamReader(file);
        var rows = new List<MatrixRow>();
        Actor[] columns = [];
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (cells.Length == 0 || line.StartsWith('#'))
                continue;
            if (cells[0] == "ROUTE")
            {
                columns = [.. cells[1..].Select(name => Enum.Parse<Actor>(name.Replace("-", "", StringComparison.Ordinal), ignoreCase: true))];
                continue;
            }

            if (cells.Length != 2 + columns.Length)
                throw new InvalidDataException("A row of the matrix has the wrong number of cells: " + line);
            var outcomes = columns.Zip(cells[2..]).Where(pair => pair.Second != "-").ToDictionary(pair => pair.First, pair => ReadCell(pair.Second));
            rows.Add(new MatrixRow(cells[0], cells[1], columns.Contains(Actor.Owner), outcomes));
        }

        return rows;
    }

    private static Outcome ReadCell(string cell)
    {
        var parts = cell.Split(':');
        return new Outcome(int.Parse(parts[0], CultureInfo.InvariantCulture), parts.Length > 1 ? parts[1] : null);
    }
}
