using System.Text.RegularExpressions;

namespace Hypersend.Tests.Engines;

/// <summary>
/// What a step of the schema must not do, because servers of the version before run beside it: take away, rename or narrow what those
/// still use. A pure look at its text.
/// </summary>
internal static partial class ExpandingSteps
{
    /// <summary>A step that takes something away says so, and since when nobody uses it.</summary>
    public const string Contracts = "-- contracts: not used since ";

    /// <summary>The statements that a server of the version before might not survive.</summary>
    public static IReadOnlyList<string> Narrowing(string step)
    {
        if (step.StartsWith(Contracts, StringComparison.Ordinal))
            return [];
        var statements = Comment().Replace(step, "").Split(';').Select(statement => Gap().Replace(statement, " ").Trim()).Where(statement => statement.Length > 0).ToList();
        var made = statements.Select(statement => Made().Match(statement)).Where(match => match.Success).Select(match => match.Groups["table"].Value).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. statements.Where(statement => IsNarrowing(statement, made))];
    }

    private static bool IsNarrowing(string statement, HashSet<string> made)
    {
        if (TakesAway().IsMatch(statement))
            return true;
        if (NewColumn().IsMatch(statement))
            return NotNull().IsMatch(statement) && !HasDefault().IsMatch(statement);

        // Nobody of the version before writes into a table that is new; into others they might write what is now refused.
        return Unique().Match(statement) is { Success: true } unique && !made.Contains(unique.Groups["table"].Value);
    }

    [GeneratedRegex("--[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Gap();

    [GeneratedRegex(@"^CREATE TABLE (IF NOT EXISTS )?(?<table>\w+)", RegexOptions.IgnoreCase)]
    private static partial Regex Made();

    [GeneratedRegex(@"\b(DROP (TABLE|COLUMN|CONSTRAINT|VIEW)|RENAME|TRUNCATE|ALTER COLUMN|ADD CONSTRAINT|ADD CHECK)\b", RegexOptions.IgnoreCase)]
    private static partial Regex TakesAway();

    [GeneratedRegex(@"\bADD COLUMN\b", RegexOptions.IgnoreCase)]
    private static partial Regex NewColumn();

    [GeneratedRegex(@"\bNOT NULL\b", RegexOptions.IgnoreCase)]
    private static partial Regex NotNull();

    [GeneratedRegex(@"\bDEFAULT\b", RegexOptions.IgnoreCase)]
    private static partial Regex HasDefault();

    [GeneratedRegex(@"^CREATE UNIQUE INDEX (IF NOT EXISTS )?\w+ ON (?<table>\w+)", RegexOptions.IgnoreCase)]
    private static partial Regex Unique();
}
