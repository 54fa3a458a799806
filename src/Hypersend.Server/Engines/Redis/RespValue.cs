using System.Text;

namespace Hypersend.Server.Engines.Redis;

/// <summary>One value of RESP3, the protocol of Redis, as far as this program asks for any.</summary>
internal sealed record RespValue
{
    public static readonly RespValue Null = new() { Kind = RespKind.Null };

    public required RespKind Kind { get; init; }

    public long Number { get; init; }

    public ReadOnlyMemory<byte> Bytes { get; init; }

    public IReadOnlyList<RespValue> Items { get; init; } = [];

    public string Text => Encoding.UTF8.GetString(Bytes.Span);

    public bool Is(ReadOnlySpan<byte> text) => Bytes.Span.SequenceEqual(text);
}

internal enum RespKind : byte
{
    Null,
    Text,
    Number,

    /// <summary>The server refused; the text says why.</summary>
    Error,
    Items,

    /// <summary>Not an answer: what was published, or news of a subscription.</summary>
    Push,
}
