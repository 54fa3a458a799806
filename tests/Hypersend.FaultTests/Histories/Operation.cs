namespace Hypersend.FaultTests.Histories;

/// <summary>What somebody wanted done.</summary>
internal enum OperationKind
{
    /// <summary>Say something new.</summary>
    Send,

    /// <summary>Change what a message of one's own says.</summary>
    Edit,

    /// <summary>Bring a file in and publish it.</summary>
    Upload,
}

/// <summary>What the client knows of it.</summary>
internal enum Outcome
{
    /// <summary>Not answered, or answered in a way that says neither yes nor no: it may have happened, once.</summary>
    Unknown,

    /// <summary>The server said that it is on disk.</summary>
    Ok,

    /// <summary>The server said no: it must not have happened.</summary>
    Failed,
}

/// <summary>
/// One thing that one client wanted, from the moment it began to ask to the moment it was answered. The moments are counted, not
/// measured: one that is lower was earlier, whatever the clock does.
/// </summary>
internal sealed record Operation(int Number, OperationKind Kind, string Who, string Chat, string Text)
{
    /// <summary>When it was asked for the first time.</summary>
    public long InvokedAt { get; init; }

    /// <summary>When it was answered; null while it is not.</summary>
    public long? EndedAt { get; init; }

    public Outcome Outcome { get; init; }

    /// <summary>Which message is changed, or as what the new one is known.</summary>
    public string? Id { get; init; }

    /// <summary>The place in the chat that the answer named.</summary>
    public long Seq { get; init; }

    /// <summary>What makes a message this one, whatever it says later: its first word.</summary>
    public string Key => KeyOf(Text);

    public static string KeyOf(string text) => text.Split(' ', 2)[0];
}
