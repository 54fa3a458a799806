using System.Threading.Channels;

namespace Hypersend.Server.Platform;

/// <summary>
/// Work that requests leave behind, done one by one beside them, so that no answer's time tells what was found. Bounded; one
/// that fails is logged and harms no other.
/// </summary>
internal abstract partial class BackgroundQueue<T>(int limit, ILogger log) : BackgroundLoop(log)
{
    private readonly ILogger _log = log;
    private readonly Channel<T> _waiting = Channel.CreateBounded<T>(new BoundedChannelOptions(limit) { SingleReader = true });

    /// <summary>False when too many wait, and this one was not taken on.</summary>
    public bool TryAsk(T item) => _waiting.Writer.TryWrite(item);

    protected abstract Task DoAsync(T item, CancellationToken cancellation);

    protected sealed override async Task RunAsync(CancellationToken stopping)
    {
        await foreach (var item in _waiting.Reader.ReadAllAsync(stopping))
        {
            try
            {
                await DoAsync(item, stopping);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Failed(_log, exception, GetType().Name);
            }
        }
    }

    [LoggerMessage(71, LogLevel.Warning, "{Queue} could not do a piece of its work")]
    private static partial void Failed(ILogger log, Exception exception, string queue);
}
