namespace Hypersend.Sdk.Transfers;

/// <summary>Where the bytes of a direct transfer go.</summary>
internal interface IReceivedBytes
{
    /// <summary>The chunks that an earlier run left, with the digests of what lies there.</summary>
    IReadOnlyDictionary<int, byte[]> Known { get; }

    ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    /// <summary>A chunk is whole and right.</summary>
    void Land(int chunk, byte[] sha256);

    /// <summary>All is there, and is what the sender names: from now on it outlives this run.</summary>
    ValueTask SaveAsync(CancellationToken cancellation);
}

/// <summary>A stream that somebody brought: nothing of an earlier run is in it.</summary>
internal sealed class ReceivingStream(Stream target) : IReceivedBytes
{
    public IReadOnlyDictionary<int, byte[]> Known { get; } = new Dictionary<int, byte[]>();

    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        target.Position = offset;
        return target.WriteAsync(bytes, cancellation);
    }

    public void Land(int chunk, byte[] sha256)
    {
    }

    public ValueTask SaveAsync(CancellationToken cancellation) => new(target.FlushAsync(cancellation));
}

/// <summary>A file that keeps what came until another run goes on.</summary>
internal sealed class ReceivingPlace(Files.DownloadPlace place, bool replaces) : IReceivedBytes
{
    public IReadOnlyDictionary<int, byte[]> Known => place.Digests;

    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        place.Write(offset, bytes.Span);
        return ValueTask.CompletedTask;
    }

    public void Land(int chunk, byte[] sha256) => place.Land(chunk, sha256);

    // A disk may take long over it.
    public ValueTask SaveAsync(CancellationToken cancellation) => new(Task.Run(() => place.Finish(replaces), CancellationToken.None));
}
