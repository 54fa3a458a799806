using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Hypersend.Contracts.Ids;

/// <summary>One signed-in device of a person.</summary>
[JsonConverter(typeof(IdConverter<SessionId>))]
public readonly record struct SessionId(Guid Value) : IId<SessionId>
{
    public static SessionId From(Guid value) => new(value);

    public static SessionId Parse(string s, IFormatProvider? provider) => IdText.Read<SessionId>(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out SessionId result)
    {
        result = IdText.Read<SessionId>(s);
        return s is not null;
    }

    public override string ToString() => Value.ToString("D");
}
