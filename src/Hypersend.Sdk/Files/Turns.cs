namespace Hypersend.Sdk.Files;

/// <summary>Lets as many lanes work as the width says. Who has done a chunk gives the turn back, and asks for the next.</summary>
internal sealed class Turns : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Width _width;
    private readonly SemaphoreSlim _free;
    private int _count;

    public Turns(Width width) => (_width, _count, _free) = (width, width.Lanes, new SemaphoreSlim(width.Lanes));

    public Task TakeAsync(CancellationToken cancellation) => _free.WaitAsync(cancellation);

    public void Give()
    {
        lock (_gate)
        {
            var more = Math.Max(-1, _width.Lanes - _count);
            _count += more;
            if (more >= 0)
                _free.Release(1 + more);
        }
    }

    public void Dispose() => _free.Dispose();
}
