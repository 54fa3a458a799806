using System.Text.Json.Serialization;

namespace Hypersend.Sdk.Realtime;

/// <summary>Frames that have no type among the contracts, because the server writes them by hand.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(HeadsFrame))]
internal sealed partial class SdkJson : JsonSerializerContext;

/// <summary>The chats that moved since the last heartbeat, and where they are now.</summary>
internal sealed record HeadsFrame
{
    public required IReadOnlyDictionary<string, long> Heads { get; init; }
}
