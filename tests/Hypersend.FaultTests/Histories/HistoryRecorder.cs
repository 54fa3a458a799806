namespace Hypersend.FaultTests.Histories;

/// <summary>Writes down what many clients ask for and are answered, in one order.</summary>
internal sealed class HistoryRecorder
{
    private readonly Lock _gate = new();
    private readonly List<Operation> _operations = [];
    private readonly List<string> _unseemly = [];
    private long _moment;

    /// <summary>The moment it is; the next thing that happens has a later one.</summary>
    public long Now
    {
        get
        {
            lock (_gate)
                return _moment;
        }
    }

    /// <summary>Everything so far.</summary>
    public IReadOnlyList<Operation> Operations
    {
        get
        {
            lock (_gate)
                return [.. _operations];
        }
    }

    /// <summary>Answers that no client should ever get, however badly the server is off.</summary>
    public IReadOnlyList<string> Unseemly
    {
        get
        {
            lock (_gate)
                return [.. _unseemly];
        }
    }

    /// <summary>Somebody begins to ask.</summary>
    public int Invoke(OperationKind kind, string who, string chat, string text, string? id = null)
    {
        lock (_gate)
        {
            _operations.Add(new Operation(_operations.Count, kind, who, chat, text) { InvokedAt = ++_moment, Id = id });
            return _operations.Count - 1;
        }
    }

    /// <summary>It is on disk, says the server.</summary>
    public void Ok(int number, string id, long seq = 0) => End(number, operation => operation with { Outcome = Outcome.Ok, Id = id, Seq = seq });

    /// <summary>It will not be done, says the server.</summary>
    public void Fail(int number) => End(number, operation => operation with { Outcome = Outcome.Failed });

    /// <summary>Nobody asks any more, and nobody knows.</summary>
    public void GiveUp(int number) => End(number, operation => operation with { Outcome = Outcome.Unknown });

    /// <summary>An answer that says more of a bug than of a fault.</summary>
    public void NoteUnseemly(string answer)
    {
        lock (_gate)
            _unseemly.Add(answer);
    }

    private void End(int number, Func<Operation, Operation> how)
    {
        lock (_gate)
            _operations[number] = how(_operations[number]) with { EndedAt = ++_moment };
    }
}
