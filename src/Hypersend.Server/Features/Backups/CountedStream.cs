namespace Hypersend.Server.Features.Backups;

/// <summary>Tells the progress what passes.</summary>
internal sealed class CountedStream(Stream inner, long? length, BackupProgress progress) : PullStream(length)
{
    protected override async ValueTask<int> PullAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        var count = await inner.ReadAsync(buffer, cancellation);
        progress.Add(count);
        return count;
    }
}
