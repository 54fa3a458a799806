using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Hypersend.Contracts.Ids;

/// <summary>A person's account.</summary>
[JsonConverter(typeof(IdConverter<UserId>))]
public readonly record struct UserId(Guid Value) : IId<UserId>
{
    public static UserId From(Guid value) => new(value);

    public static UserId Parse(string s, IFormatProvider? provider) => IdText.Read<UserId>(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out UserId result)
    {
        result = IdText.Read<UserId>(s);
        return s is not null;
    }

    public override string ToString() => Value.ToString("D");
}
