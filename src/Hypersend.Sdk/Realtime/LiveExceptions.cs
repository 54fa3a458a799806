namespace Hypersend.Sdk.Realtime;

/// <summary>The connection ended before the server answered: it may have happened or not, and the state will tell.</summary>
public sealed class ConnectionLostException : Exception
{
    internal ConnectionLostException()
        : base("There is no connection, or it ended before the server answered; the state tells what happened.")
    {
    }
}

/// <summary>The live client has ended and will not come back.</summary>
public sealed class LiveEndedException : Exception
{
    internal LiveEndedException(LiveEnding ending)
        : base($"The live client has ended: {ending}.") => Ending = ending;

    /// <summary>Why.</summary>
    public LiveEnding Ending { get; }
}
