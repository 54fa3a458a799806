using System.Text.Json;
using System.Text.Json.Serialization;
using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Realtime.Sockets;

internal sealed record AuthBody
{
    public string? Token { get; init; }
}

internal sealed record HelloBody
{
    public IReadOnlyDictionary<string, long>? Cursors { get; init; }
}

internal sealed record EditBody
{
    public MessageId? MessageId { get; init; }

    public string? Content { get; init; }
}

internal sealed record DeleteBody
{
    public MessageId? MessageId { get; init; }
}

internal sealed record ReactBody
{
    public MessageId? MessageId { get; init; }

    public string? Emoji { get; init; }

    /// <summary>Absent: put it on.</summary>
    public bool? On { get; init; }
}

internal sealed record MarkBody
{
    public ChatId? ChatId { get; init; }

    public long? Seq { get; init; }
}

internal sealed record TypingBody
{
    public ChatId? ChatId { get; init; }

    /// <summary>Absent: somebody is typing.</summary>
    public bool? On { get; init; }
}

internal sealed record WatchBody
{
    public IReadOnlyList<UserId>? UserIds { get; init; }
}

internal sealed record StatusBody
{
    public string? Status { get; init; }
}

internal sealed record SignalBody
{
    public UserId? To { get; init; }

    public TransferId? TransferId { get; init; }

    public JsonElement Data { get; init; }
}

/// <summary>The fields of what clients send; type and id are read before.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = 32)]
[JsonSerializable(typeof(AuthBody))]
[JsonSerializable(typeof(HelloBody))]
[JsonSerializable(typeof(EditBody))]
[JsonSerializable(typeof(DeleteBody))]
[JsonSerializable(typeof(ReactBody))]
[JsonSerializable(typeof(MarkBody))]
[JsonSerializable(typeof(TypingBody))]
[JsonSerializable(typeof(WatchBody))]
[JsonSerializable(typeof(StatusBody))]
[JsonSerializable(typeof(SignalBody))]
internal sealed partial class FrameJson : JsonSerializerContext;
