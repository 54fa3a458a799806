using System.Net.WebSockets;

namespace Hypersend.Sdk.Realtime;

/// <summary>How a live client behaves.</summary>
public sealed record LiveOptions
{
    /// <summary>About how long the first try after a loss waits at most; each further one waits up to twice as long.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The most a try waits.</summary>
    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long opening the socket may take, and then the welcome.</summary>
    public TimeSpan OpeningTime { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Whether senders may see that their messages have come to this device.</summary>
    public bool ReportsArrivals { get; init; } = true;

    /// <summary>What opens a socket to the address, when it is not the network itself.</summary>
    public Func<Uri, CancellationToken, Task<WebSocket>>? Connect { get; init; }
}
