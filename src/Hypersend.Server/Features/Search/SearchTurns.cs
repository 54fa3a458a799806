using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Search;

/// <summary>
/// How many searches run at once: half of the processors, so that a hundred of them leave the rest to those who chat. The others
/// wait for their turn, and when too many wait already, a search is refused.
/// </summary>
internal sealed class SearchTurns : IDisposable
{
    public const int MostWaiting = 200;

    private readonly SemaphoreSlim _turns = new(Math.Max(1, Environment.ProcessorCount / 2));
    private int _waiting;

    public async Task<T> RunAsync<T>(Func<Task<T>> search, CancellationToken cancellation)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > MostWaiting)
                throw new QueueFullException("search");
            await _turns.WaitAsync(cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        try
        {
            return await search();
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();
}
