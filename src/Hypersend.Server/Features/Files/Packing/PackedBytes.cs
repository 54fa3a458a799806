namespace Hypersend.Server.Features.Files.Packing;

/// <summary>The packed form of a file on its way out.</summary>
internal sealed class PackedBytes(FileRow file, PackedForm form, IBlobReader reader) : IByteSource, IAsyncDisposable
{
    private const int Block = 256 * 1024;

    public FileRow Current => file;

    /// <summary>Reaches for the first bytes, so that a storage that is away is told by a status and not by a broken line.</summary>
    public async ValueTask ReachAsync(CancellationToken cancellation)
    {
        var place = form.PlaceOf(0);
        await reader.ReadAsync(place, 0, Memory<byte>.Empty, cancellation);
    }

    public async Task CopyAsync(long from, long to, RunningDownload run)
    {
        for (var at = from; at <= to;)
        {
            var place = form.PlaceOf(at);
            var left = (int)Math.Min(Math.Min(Block, to - at + 1), place.Offset + place.Length - at);
            var memory = run.Writer.GetMemory(left);
            var read = await reader.ReadAsync(place, at - place.Offset, memory[..left], run.Token);
            run.Writer.Advance(read);
            run.Copied += read;
            at += read;
            await run.FlushAsync();
        }
    }

    public ValueTask DisposeAsync() => reader.DisposeAsync();
}
