using System.Net;

namespace Hypersend.Server.Features.Push;

/// <summary>What a push service's answer means, and when to try again.</summary>
internal static class PushAnswers
{
    public const int MostTries = 5;

    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private static readonly TimeSpan[] Pauses =
        [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(5)];

    public static PushVerdict Judge(HttpStatusCode status) => (int)status switch
    {
        >= 200 and < 300 => PushVerdict.Taken,
        404 or 410 => PushVerdict.Gone,
        408 or 425 or 429 or >= 500 => PushVerdict.Later,
        _ => PushVerdict.Refused,
    };

    /// <summary>How long to wait before the next try; null when it was the last.</summary>
    public static TimeSpan? Pause(int tries, TimeSpan? asked)
    {
        if (tries >= MostTries)
            return null;
        var own = Pauses[Math.Min(tries - 1, Pauses.Length - 1)];
        if (asked is not { } wanted)
            return own;
        return wanted > Longest ? null : wanted > own ? wanted : own;
    }
}

internal enum PushVerdict
{
    Taken,

    /// <summary>The browser has unsubscribed, or is no more.</summary>
    Gone,

    Later,

    /// <summary>This one will never be taken.</summary>
    Refused,
}
