using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Hypersend.Contracts.Ids;

/// <summary>A link to a file for people without an account.</summary>
[JsonConverter(typeof(IdConverter<LinkId>))]
public readonly record struct LinkId(Guid Value) : IId<LinkId>
{
    public static LinkId From(Guid value) => new(value);

    public static LinkId Parse(string s, IFormatProvider? provider) => IdText.Read<LinkId>(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out LinkId result)
    {
        result = IdText.Read<LinkId>(s);
        return s is not null;
    }

    public override string ToString() => Value.ToString("D");
}
