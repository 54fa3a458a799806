using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Hypersend.Contracts.Ids;

/// <summary>A message: its chat and its number there, <c>&lt;chat_id&gt;.&lt;seq&gt;</c> on the wire and opaque to clients.</summary>
[JsonConverter(typeof(MessageIdConverter))]
public readonly record struct MessageId(ChatId Chat, long Seq) : IParsable<MessageId>
{
    internal const int GuidLength = 36;

    /// <summary>Like any malformed id, one that is not ours reads as the id of nothing.</summary>
    public static MessageId Read(ReadOnlySpan<char> text) =>
        text.Length > GuidLength + 1 && text.Length <= GuidLength + 11 && text[GuidLength] == '.' &&
        text[GuidLength + 1] is >= '1' and <= '9' &&
        Guid.TryParseExact(text[..GuidLength], "D", out var chat) &&
        uint.TryParse(text[(GuidLength + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
            ? new MessageId(new ChatId(chat), seq)
            : default;

    public static MessageId Parse(string s, IFormatProvider? provider) => Read(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out MessageId result)
    {
        result = Read(s);
        return s is not null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Chat.Value:D}.{Seq}");
}
