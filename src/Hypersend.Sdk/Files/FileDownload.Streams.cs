namespace Hypersend.Sdk.Files;

public sealed partial class FileDownload
{
    /// <summary>Memory for what came before its turn.</summary>
    private const int KeptOfStream = 64 << 20;

    /// <summary>Fetches all of it and passes it on in its order; no byte goes on before its chunk was checked.</summary>
    public async Task<FetchedFile> RunAsync(Stream target, CancellationToken cancellation = default)
    {
        var plan = await PersistAsync(late => _origin.LookAsync(null, late), cancellation);
        _meter.Begin(plan.Size, plan.Total);
        var window = new Queue<(Task Coming, Held Held)>();
        var idle = new Stack<Held>();
        var most = Math.Clamp(KeptOfStream / plan.ChunkSize, 1, _width.Limit);
        var (begun, poured) = (0, 0);
        using var failing = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _movedAt = _options.Clock.GetTimestamp();
        try
        {
            while (!(plan.IsReady && poured == plan.Total))
            {
                var here = plan.Available.Contains(begun);
                if (here && window.Count < Math.Min(most, _width.Lanes))
                {
                    var held = idle.TryPop(out var free) ? free : new Held(plan.ChunkSize);
                    held.Begin(plan, begun++);
                    window.Enqueue((Task.Run(() => FetchAsync(plan, held.Chunk, held, failing.Token), CancellationToken.None), held));
                }
                else if (window.TryDequeue(out var first))
                {
                    await first.Coming;
                    await PourAsync(first.Held, target, cancellation);
                    idle.Push(first.Held);
                    poured++;
                }
                else
                {
                    plan = await NextAsync(plan, cancellation);
                    _movedAt = _options.Clock.GetTimestamp();
                }
            }
        }
        finally
        {
            await failing.CancelAsync();
            await Task.WhenAll(window.Select(one => one.Coming)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return await EndAsync(plan, cancellation);
    }

    private static async Task PourAsync(Held held, Stream target, CancellationToken cancellation)
    {
        try
        {
            await target.WriteAsync(held.Bytes, cancellation);
        }
        catch (IOException failure)
        {
            throw new DiskException("the output", failure);
        }
    }

    /// <summary>A chunk that waits for its turn.</summary>
    private sealed class Held(int most) : IDownloadPlace
    {
        private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(most);
        private long _offset;
        private int _length;

        public int Chunk { get; private set; }

        public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, _length);

        public void Begin(DownloadPlan plan, int chunk) => (Chunk, _offset, _length) = (chunk, plan.OffsetOf(chunk), plan.LengthOf(chunk));

        public void Write(long offset, ReadOnlySpan<byte> bytes) => bytes.CopyTo(_bytes.AsSpan((int)(offset - _offset)));

        public void Land(int chunk, ReadOnlySpan<byte> sha256)
        {
        }
    }
}
