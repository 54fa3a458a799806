using Hypersend.Server.Platform.Problems;

namespace Hypersend.ServerTests.Faults;

/// <summary>Lets the k-th call to the storage fail, counted from the moment it is armed.</summary>
internal sealed class FaultPlan
{
    private int _at;
    private int _calls;

    /// <summary>The call that was to fail has been made.</summary>
    public bool HasStruck => Volatile.Read(ref _calls) >= Volatile.Read(ref _at) && Volatile.Read(ref _at) > 0;

    public void Arm(int at)
    {
        Volatile.Write(ref _calls, 0);
        Volatile.Write(ref _at, at);
    }

    public void Disarm() => Volatile.Write(ref _at, 0);

    /// <summary>One call: nothing has reached the disk when it fails.</summary>
    public void Call()
    {
        if (IsTheOne())
            throw new EngineUnavailableException("database", new IOException("This call was to fail."));
    }

    /// <summary>The answer to a commit: everything is on the disk when it fails, and nobody knows.</summary>
    public void CallAfterCommit()
    {
        if (IsTheOne())
            throw new OutcomeUnknownException(new IOException("This answer was to be lost."));
    }

    private bool IsTheOne()
    {
        var at = Volatile.Read(ref _at);
        return at > 0 && Interlocked.Increment(ref _calls) == at;
    }
}
