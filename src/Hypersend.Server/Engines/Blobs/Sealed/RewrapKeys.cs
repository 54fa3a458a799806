using Hypersend.Server.Features.Files;
using Hypersend.Server.Platform;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Secrets;

namespace Hypersend.Server.Engines.Blobs.Sealed;

/// <summary>
/// Wraps the keys of files anew that are wrapped in a key of before, once after each start: then that one is needed no more.
/// Not a byte of a file is touched.
/// </summary>
internal sealed partial class RewrapKeys(IFileKeys store, StorageKeys keys, TimeProvider clock, ILogger<RewrapKeys> log) : BackgroundLoop(log)
{
    private const int AtOnce = 200;

    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMinutes(1);

    private readonly ILogger _log = log;

    protected override async Task RunAsync(CancellationToken stopping)
    {
        if (!keys.Any)
            return;
        for (var done = 0; ;)
        {
            try
            {
                var others = await store.OthersAsync(keys.CurrentId, AtOnce, stopping);
                if (others.Count == 0)
                {
                    if (done > 0)
                        Rewrapped(_log, done, keys.CurrentId);
                    return;
                }

                KeyOfFile[] mine = [.. others.Select(Rewrap).OfType<KeyOfFile>()];
                await store.ReplaceAsync(mine, stopping);
                done += mine.Length;
                if (mine.Length < others.Count)
                {
                    // Another node has a key that is not known here: then it is that node's turn.
                    NotMine(_log, others.Count - mine.Length);
                    return;
                }
            }
            catch (EngineUnavailableException exception)
            {
                NotRewrapped(_log, exception);
                await Task.Delay(AskAgainAfter, clock, stopping);
            }
        }
    }

    private KeyOfFile? Rewrap(KeyOfFile one)
    {
        if (keys.Unwrap(one.Key.KeyId, one.Key.Bytes, one.File.Value) is not { } key)
            return null;
        var (keyId, wrapped) = keys.Wrap(key, one.File.Value);
        return one with { Key = new WrappedKey(keyId, wrapped) };
    }

    [LoggerMessage(361, LogLevel.Information, "{Count} keys of files were wrapped anew with the key {KeyId}")]
    private static partial void Rewrapped(ILogger log, int count, string keyId);

    [LoggerMessage(362, LogLevel.Warning, "The keys of files could not be wrapped anew; it will be tried again")]
    private static partial void NotRewrapped(ILogger log, Exception exception);

    [LoggerMessage(363, LogLevel.Warning, "{Count} keys of files are wrapped in a key that this server does not have")]
    private static partial void NotMine(ILogger log, int count);
}
