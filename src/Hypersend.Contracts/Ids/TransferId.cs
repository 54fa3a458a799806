using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Hypersend.Contracts.Ids;

/// <summary>A direct transfer from one person to another.</summary>
[JsonConverter(typeof(IdConverter<TransferId>))]
public readonly record struct TransferId(Guid Value) : IId<TransferId>
{
    public static TransferId From(Guid value) => new(value);

    public static TransferId Parse(string s, IFormatProvider? provider) => IdText.Read<TransferId>(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out TransferId result)
    {
        result = IdText.Read<TransferId>(s);
        return s is not null;
    }

    public override string ToString() => Value.ToString("D");
}
