using System.Text.Json;
using System.Text.Json.Serialization;
using Hypersend.Contracts;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime.Fanout;

namespace Hypersend.Server.Realtime.Sockets;

/// <summary>What a client gets for what it sent: acknowledgements, errors, pongs. An id comes back as it was written.</summary>
internal static class Answers
{
    public static OutFrame Acknowledge(ReadOnlySpan<byte> id) => Write("""{"type":"ack" """u8, id, default);

    /// <summary>With the message as JSON: the event carries the same bytes.</summary>
    public static OutFrame Acknowledge(ReadOnlySpan<byte> id, ReadOnlySpan<byte> message) => Write("""{"type":"ack" """u8, id, message, "message"u8);

    public static OutFrame Acknowledge(ReadOnlySpan<byte> id, ScheduledMessage scheduled) =>
        Write("""{"type":"ack" """u8, id, Fields(JsonSerializer.SerializeToUtf8Bytes(scheduled, HypersendJson.Wire.ScheduledMessage)));

    public static OutFrame Refuse(ReadOnlySpan<byte> id, Failure failure)
    {
        var body = Problem.ToBody(failure, ErrorTable.Of(failure.Code), "");
        var wait = failure.RetryAfter is { } time ? Math.Max(1, (int)Math.Ceiling(time.TotalSeconds)) : (int?)null;
        var fields = new ErrorFields(body.Code, body.Detail, body.Hint, wait, body.Errors);
        return Write("""{"type":"error" """u8, id, Fields(JsonSerializer.SerializeToUtf8Bytes(fields, AnswerJson.Wire.ErrorFields)));
    }

    public static OutFrame Pong(ReadOnlySpan<byte> id) => Write("""{"type":"pong" """u8, id, default);

    // What is between the braces.
    private static ReadOnlySpan<byte> Fields(ReadOnlySpan<byte> json) => json[1..^1];

    /// <summary>Head, id if there is one, and the rest, under a name or as fields.</summary>
    private static OutFrame Write(ReadOnlySpan<byte> head, ReadOnlySpan<byte> id, ReadOnlySpan<byte> rest, ReadOnlySpan<byte> name = default)
    {
        // Room for two names, their quotes, colons and commas, and the brace at the end.
        var buffer = GC.AllocateUninitializedArray<byte>(OutFrame.RoomBefore + head.Length + id.Length + rest.Length + name.Length + 16);
        var writer = new SpanWriter(buffer.AsSpan(OutFrame.RoomBefore));
        writer.Write(head.TrimEnd((byte)' '));
        if (!id.IsEmpty)
        {
            writer.Write(",\"id\":"u8);
            writer.Write(id);
        }

        if (!rest.IsEmpty)
        {
            writer.Write(","u8);
            if (!name.IsEmpty)
            {
                writer.Write("\""u8);
                writer.Write(name);
                writer.Write("\":"u8);
            }

            writer.Write(rest);
        }

        writer.Write("}"u8);
        return OutFrame.In(buffer, OutFrame.RoomBefore + writer.Length, FrameKind.Answer);
    }

    private ref struct SpanWriter(Span<byte> target)
    {
        private readonly Span<byte> _target = target;

        public int Length { get; private set; }

        public void Write(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(_target[Length..]);
            Length += bytes.Length;
        }
    }
}

/// <summary>What an error says besides its type and id.</summary>
internal sealed record ErrorFields(
    string Code,
    string Detail,
    string Hint,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? RetryAfter,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ErrorFields))]
internal sealed partial class AnswerJson : JsonSerializerContext
{
    public static AnswerJson Wire => field ??= new(new JsonSerializerOptions(Default.Options)
    {
        Encoder = HypersendJson.Wire.Options.Encoder,
        TypeInfoResolver = null,
    });
}
