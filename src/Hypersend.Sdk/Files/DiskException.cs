namespace Hypersend.Sdk.Files;

/// <summary>This machine could not keep what came: its disk is full, or was taken away. What is there stays there.</summary>
public sealed class DiskException : Exception
{
    private const int NoSpace = 28;
    private const int OverQuota = 122;
    private const int WindowsFull = unchecked((int)0x80070070);

    internal DiskException(string path, IOException inner)
        : base($"Cannot write to {path}: {inner.Message}", inner) => Path = path;

    /// <summary>What could not be written.</summary>
    public string Path { get; }

    /// <summary>There is no room left, or none that this user may take.</summary>
    public bool IsFull => InnerException!.HResult is NoSpace or OverQuota or WindowsFull || InnerException.Message.Contains("disk was full", StringComparison.Ordinal);
}
