namespace Hypersend.Server.Start.Verbs.Check;

/// <summary>One thing that was looked at: what it is called, what was seen, and what to do about it when it is not well.</summary>
internal sealed record Finding(Verdict Verdict, string Name, string Seen, string? Fix)
{
    public static Finding Ok(string name, string seen) => new(Verdict.Ok, name, seen, null);

    public static Finding Warning(string name, string seen, string fix) => new(Verdict.Warning, name, seen, fix);

    public static Finding Wrong(string name, string seen, string fix) => new(Verdict.Wrong, name, seen, fix);

    /// <summary>Well or wrong, by one condition.</summary>
    public static Finding Judge(bool isWell, string name, string seen, string fix) => isWell ? Ok(name, seen) : Wrong(name, seen, fix);
}

internal enum Verdict
{
    Ok,

    /// <summary>It works, and will not for ever, or not as well as it could.</summary>
    Warning,
    Wrong,
}
