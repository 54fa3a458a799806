using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Hypersend.Contracts.Ids;

/// <summary>A message that waits for its time.</summary>
[JsonConverter(typeof(IdConverter<ScheduledId>))]
public readonly record struct ScheduledId(Guid Value) : IId<ScheduledId>
{
    public static ScheduledId From(Guid value) => new(value);

    public static ScheduledId Parse(string s, IFormatProvider? provider) => IdText.Read<ScheduledId>(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ScheduledId result)
    {
        result = IdText.Read<ScheduledId>(s);
        return s is not null;
    }

    public override string ToString() => Value.ToString("D");
}
