using System.Globalization;
using Hypersend.Contracts.Push;

namespace Hypersend.ServerTests.Push;

/// <summary>A subscription whose push service is nowhere, with the public keys of RFC 8291's example.</summary>
internal static class PushSamples
{
    public const string P256dh = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    public const string Auth = "BTBZMqHH6r4Tts7J_aSIgg";

    private static int _fresh;

    public static SubscribeRequest Subscription(string? endpoint = null) => new()
    {
        Endpoint = endpoint ?? "https://push.invalid/send/" + Interlocked.Increment(ref _fresh).ToString(CultureInfo.InvariantCulture),
        Keys = new SubscribeKeys { P256dh = P256dh, Auth = Auth },
    };
}
