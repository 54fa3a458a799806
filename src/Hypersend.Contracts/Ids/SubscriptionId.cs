using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Hypersend.Contracts.Ids;

/// <summary>A browser that is told while it is closed.</summary>
[JsonConverter(typeof(IdConverter<SubscriptionId>))]
public readonly record struct SubscriptionId(Guid Value) : IId<SubscriptionId>
{
    public static SubscriptionId From(Guid value) => new(value);

    public static SubscriptionId Parse(string s, IFormatProvider? provider) => IdText.Read<SubscriptionId>(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out SubscriptionId result)
    {
        result = IdText.Read<SubscriptionId>(s);
        return s is not null;
    }

    public override string ToString() => Value.ToString("D");
}
