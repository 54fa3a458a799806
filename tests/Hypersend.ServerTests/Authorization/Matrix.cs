using System.Globalization;

namespace Hypersend.ServerTests.Authorization;

/// <summary>Who asks, as the columns of the matrix name them.</summary>
internal enum Actor
{
    Anonymous,
    Ended,
    Stranger,
    Self,
    Admin,
    Missing,
}

/// <summary>What an actor must get: a status and, where it matters, the code.</summary>
internal sealed record Outcome(int Status, string? Code);

/// <summary>One route with what each actor must get.</summary>
internal sealed record MatrixRow(string Method, string Path, IReadOnlyDictionary<Actor, Outcome> Outcomes)
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
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (cells.Length == 0 || cells[0] == "#" || line.StartsWith('#'))
                continue;
            if (cells.Length != 2 + Enum.GetValues<Actor>().Length)
                throw new InvalidDataException("A row of the matrix has the wrong number of cells: " + line);
            var outcomes = Enum.GetValues<Actor>()
                .Where(actor => cells[2 + (int)actor] != "-")
                .ToDictionary(actor => actor, actor => ReadCell(cells[2 + (int)actor]));
            rows.Add(new MatrixRow(cells[0], cells[1], outcomes));
        }

        return rows;
    }

    private static Outcome ReadCell(string cell)
    {
        var parts = cell.Split(':');
        return new Outcome(int.Parse(parts[0], CultureInfo.InvariantCulture), parts.Length > 1 ? parts[1] : null);
    }
}
