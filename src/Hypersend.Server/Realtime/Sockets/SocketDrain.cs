using System.Globalization;
using System.Security.Cryptography;
using Hypersend.Contracts.Realtime;
using Hypersend.Server.Platform.Health;

namespace Hypersend.Server.Realtime.Sockets;

/// <summary>When the server stops, every socket is told so and when to come back: not all at once.</summary>
internal sealed partial class SocketDrain(SocketWheel wheel, TimeProvider clock, ILogger<SocketDrain> log) : IDrained
{
    // What a server that has just started takes in without haste.
    private const int ComingBackPerSecond = 1_000;
    private const int LeastSpreadMs = 500;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(20);

    /// <summary>The reason of a close that says when to try again.</summary>
    public static string ComeBackIn(TimeSpan wait) => string.Create(CultureInfo.InvariantCulture, $$"""{"retry_ms":{{(int)wait.TotalMilliseconds}}}""");

    public async Task DrainAsync(CancellationToken cancellation)
    {
        var sockets = wheel.All();
        var spread = Math.Max(LeastSpreadMs, sockets.Count * 1000 / ComingBackPerSecond);
        foreach (var socket in sockets)
            socket.Close(CloseCodes.Restarting, ComeBackIn(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(spread))));
        if (sockets.Count > 0)
            Closing(log, sockets.Count);

        // Most answer at once; who does not is cut off.
        var began = clock.GetTimestamp();
        while (wheel.Count > 0 && clock.GetElapsedTime(began) < Patience)
            await Task.Delay(LookAgainAfter, clock, cancellation);
        foreach (var socket in wheel.All())
            socket.Abort();
    }

    [LoggerMessage(342, LogLevel.Information, "Told {Count} sockets to come back later")]
    private static partial void Closing(ILogger log, int count);
}
