namespace Hypersend.Server.Platform.Problems;

/// <summary>An engine (database, blobs, bus) is away or too slow: the answer is 503 and the client tries again.</summary>
internal sealed class EngineUnavailableException(string engine, Exception? inner = null)
    : Exception($"The {engine} cannot be reached.", inner)
{
    public string Engine => engine;
}

/// <summary>The commit was sent and no answer came: it may have happened.</summary>
internal sealed class OutcomeUnknownException(Exception inner) : Exception("The database did not say whether it committed.", inner);

/// <summary>No space is left where the engine keeps its bytes.</summary>
internal sealed class StorageFullException(Exception inner) : Exception("No space is left on the device.", inner);

/// <summary>Bytes that were stored came back as others: somebody or something changed them where they lie. Trying again does not help.</summary>
internal sealed class DamagedBytesException(string what) : Exception($"What is stored of {what} is not what was written.");

/// <summary>A bounded queue is full; nothing was taken on.</summary>
internal sealed class QueueFullException(string queue) : Exception($"The {queue} queue is full.")
{
    public string Queue => queue;
}
