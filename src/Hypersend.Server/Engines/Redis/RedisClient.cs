using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Hypersend.Server.Platform;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Engines.Redis;

/// <summary>
/// Redis, as long as it is there: connects, notices when the other end is silent, connects again, and listens again to what it
/// listened to. Without a connection a call fails at once; nothing waits for Redis.
/// </summary>
internal sealed partial class RedisClient(RedisUrl url, TimeProvider clock, ILogger<RedisClient> log) : BackgroundLoop(log)
{
    private static readonly TimeSpan ShortestRest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(2);

    // Doubled more often, the rest is the longest anyway.
    private const int MostFailures = 10;

    private static readonly RedisCommand Ping = RedisCommand.Of("PING");

    private readonly Dictionary<string, Action<ReadOnlyMemory<byte>>> _listeners = [];
    private TaskCompletionSource _connected = New();
    private volatile RedisLine? _line;

    /// <summary>There is a connection again, with all it listens to.</summary>
    public event Action? Came;

    /// <summary>How long an answer may take before the other end counts as gone.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often it is asked whether it is still there.</summary>
    public TimeSpan BeatEvery { get; init; } = TimeSpan.FromSeconds(3);

    public int Database => url.Database;

    public bool IsConnected => _line is not null;

    /// <summary>From the next connection on; there may be no two for one channel.</summary>
    public void Listen(string channel, Action<ReadOnlyMemory<byte>> receive)
    {
        lock (_listeners)
            _listeners.Add(channel, receive);
    }

    /// <summary>Waits until there is a connection, with all it listens to.</summary>
    public Task ConnectedAsync(CancellationToken cancellation) => Volatile.Read(ref _connected).Task.WaitAsync(cancellation);

    public Task<RespValue> CallAsync(RedisCommand command, CancellationToken cancellation) =>
        _line?.CallAsync(command, cancellation) ?? throw new EngineUnavailableException("bus");

    protected override async Task RunAsync(CancellationToken stopping)
    {
        var (failures, isToldAway) = (0, false);
        while (true)
        {
            try
            {
                await using var line = await OpenAsync(stopping);
                (_line, isToldAway) = (line, false);
                Connected(log, url.ToString());
                Volatile.Read(ref _connected).TrySetResult();
                Came?.Invoke();
                await ServeAsync(line, () => failures = 0, stopping);
            }
            catch (Exception exception) when (IsOfTheNetwork(exception) && !stopping.IsCancellationRequested)
            {
                if (!isToldAway)
                    Away(log, url.ToString(), exception.Message);
                isToldAway = true;
            }
            finally
            {
                _line = null;
                if (_connected.Task.IsCompleted)
                    Volatile.Write(ref _connected, New());
            }

            await Task.Delay(Rest(failures = Math.Min(failures + 1, MostFailures)), clock, stopping);
        }
    }

    private async Task<RedisLine> OpenAsync(CancellationToken stopping)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(Patience);
        try
        {
            var line = await RedisLine.OpenAsync(url, Receive, patience.Token);
            try
            {
                foreach (var channel in Channels())
                    line.Post(RedisCommand.Of("SUBSCRIBE", channel));

                // That a subscription began is no answer but a push; the answer to this comes after it, or in its place what was refused.
                await line.CallAsync(Ping, patience.Token);
                return line;
            }
            catch
            {
                await line.DisposeAsync();
                throw;
            }
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"No answer within {Patience.TotalSeconds} s."));
        }
    }

    // A machine that went away without a word is found by the answer that does not come.
    private async Task ServeAsync(RedisLine line, Action isWell, CancellationToken stopping)
    {
        while (await Task.WhenAny(line.Ended, Task.Delay(BeatEvery, clock, stopping)) != line.Ended)
        {
            stopping.ThrowIfCancellationRequested();
            await line.CallAsync(Ping, stopping).WaitAsync(Patience, clock, stopping);

            // Only one that lasts is a recovery: what lets in and throws out at once is left alone for longer each time.
            isWell();
        }

        throw new IOException("The connection ended.");
    }

    private void Receive(RespValue push)
    {
        if (push.Items is not [var kind, var channel, var payload] || !kind.Is("message"u8))
            return;
        Action<ReadOnlyMemory<byte>>? receive;
        lock (_listeners)
            _listeners.TryGetValue(channel.Text, out receive);
        receive?.Invoke(payload.Bytes);
    }

    private string[] Channels()
    {
        lock (_listeners)
            return [.. _listeners.Keys];
    }

    // Longer each time, and never the same on two nodes.
    private static TimeSpan Rest(int failures)
    {
        var longest = Math.Min(LongestRest.TotalMilliseconds, ShortestRest.TotalMilliseconds * Math.Pow(2, failures));
        return TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32((int)longest) + 1);
    }

    private static bool IsOfTheNetwork(Exception exception) => exception is
        SocketException or IOException or TimeoutException or AuthenticationException or InvalidOperationException or EngineUnavailableException or ObjectDisposedException;

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(321, LogLevel.Information, "Connected to {Redis}")]
    private static partial void Connected(ILogger log, string redis);

    [LoggerMessage(322, LogLevel.Warning, "{Redis} is away: {Reason} What happens on other nodes is seen within a second, by asking the database")]
    private static partial void Away(ILogger log, string redis, string reason);
}
