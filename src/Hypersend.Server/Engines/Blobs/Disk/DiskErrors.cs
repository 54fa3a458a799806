using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Engines.Blobs.Disk;

/// <summary>What a failed call to the disk means to whoever asked.</summary>
internal static class DiskErrors
{
    public const int TooLong = 27; // EFBIG
    private const int NoSpace = 28; // ENOSPC
    private const int OverQuota = 122; // EDQUOT

    public static Exception Translate(Exception exception) => exception switch
    {
        IOException { HResult: NoSpace or OverQuota or TooLong } => new StorageFullException(exception),
        IOException or UnauthorizedAccessException => new EngineUnavailableException("storage", exception),
        _ => exception,
    };
}
