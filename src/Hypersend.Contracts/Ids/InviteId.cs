using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Hypersend.Contracts.Ids;

/// <summary>An invitation to register on a server that is not open.</summary>
[JsonConverter(typeof(IdConverter<InviteId>))]
public readonly record struct InviteId(Guid Value) : IId<InviteId>
{
    public static InviteId From(Guid value) => new(value);

    public static InviteId Parse(string s, IFormatProvider? provider) => IdText.Read<InviteId>(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out InviteId result)
    {
        result = IdText.Read<InviteId>(s);
        return s is not null;
    }

    public override string ToString() => Value.ToString("D");
}
