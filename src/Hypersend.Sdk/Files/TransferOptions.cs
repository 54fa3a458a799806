using System.Security.Cryptography;

namespace Hypersend.Sdk.Files;

/// <summary>How a file is carried.</summary>
public sealed record TransferOptions
{
    /// <summary>How many chunks are on their way at once, always. Null begins with what the server says, up to eight, takes more while that pays, and fewer after failures.</summary>
    public int? Lanes { get; init; }

    /// <summary>A request of which nothing moves for so long is begun anew.</summary>
    public TimeSpan StallAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>When no chunk has got through for so long, the whole fails; what is there stays there.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The first wait after a failure is up to this long, each further one up to twice as long.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>No wait is longer, unless the server asks for it.</summary>
    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What the waits, the speed and the time left are measured by.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>From 0 to 1: which part of a wait is really waited, so that many clients do not come back at once.</summary>
    internal Func<double> Chance { get; init; } = static () => 0.5 + (RandomNumberGenerator.GetInt32(0, 1001) / 2000.0);
}
