using System.ComponentModel.DataAnnotations;

namespace Hypersend.Contracts.Validation;

/// <summary>One word of a fixed list. Null passes; add [Needed].</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class OneOfAttribute(params string[] choices) : ValidationAttribute("must be one of: " + string.Join(", ", choices))
{
    public IReadOnlyList<string> Choices => choices;

    public override bool IsValid(object? value) =>
        value is null || (value is string text && choices.Contains(text, StringComparer.Ordinal));
}
