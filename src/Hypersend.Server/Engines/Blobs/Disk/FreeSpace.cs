using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Engines.Blobs.Disk;

/// <summary>How much room the disk has: asked once a second at most, and again when a write found none.</summary>
internal sealed class FreeSpace(string root, DiskCalls calls, TimeProvider clock)
{
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long _bytes;
    private long _asked;

    public long Bytes
    {
        get
        {
            lock (_lock)
            {
                if (_asked == 0 || clock.GetElapsedTime(_asked) >= Age)
                {
                    _bytes = Ask();
                    _asked = Math.Max(1, clock.GetTimestamp());
                }

                return _bytes;
            }
        }
    }

    /// <summary>What a failed call means; a disk that is full makes the figure of before worthless.</summary>
    public Exception Translate(Exception exception)
    {
        var translated = DiskErrors.Translate(exception);
        if (translated is StorageFullException)
        {
            lock (_lock)
                _asked = 0;
        }

        return translated;
    }

    private long Ask()
    {
        try
        {
            return calls.FreeBytes(root);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DiskErrors.Translate(exception);
        }
    }
}
