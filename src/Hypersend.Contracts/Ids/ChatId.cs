using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Hypersend.Contracts.Ids;

/// <summary>A conversation of any kind.</summary>
[JsonConverter(typeof(IdConverter<ChatId>))]
public readonly record struct ChatId(Guid Value) : IId<ChatId>
{
    public static ChatId From(Guid value) => new(value);

    public static ChatId Parse(string s, IFormatProvider? provider) => IdText.Read<ChatId>(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ChatId result)
    {
        result = IdText.Read<ChatId>(s);
        return s is not null;
    }

    public override string ToString() => Value.ToString("D");
}
