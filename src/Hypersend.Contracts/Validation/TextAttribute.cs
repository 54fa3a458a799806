using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Hypersend.Contracts.Validation;

/// <summary>Free text of people: any Unicode but U+0000, its length counted in code points. Null passes; add [Needed].</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class TextAttribute(int min, int max) : ValidationAttribute
{
    /// <summary>The one message that becomes the code <c>invalid_text</c>.</summary>
    public const string InvalidText = "must not contain the character U+0000 or half of a surrogate pair";

    public int Min => min;

    public int Max => max;

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        if (value is null)
            return ValidationResult.Success;
        if (value is not string text)
            return new ValidationResult("must be text");
        if (!IsWellFormed(text))
            return new ValidationResult(InvalidText);

        var length = CountCodePoints(text);
        if (length < min)
            return new ValidationResult(min == 1 ? "must not be empty" : Invariant($"must have at least {min} characters"));
        return length > max ? new ValidationResult(Invariant($"must have at most {max} characters")) : ValidationResult.Success;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    internal static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0')
                return false;
            if (char.IsHighSurrogate(text[i]))
            {
                if (i + 1 == text.Length || !char.IsLowSurrogate(text[++i]))
                    return false;
            }
            else if (char.IsLowSurrogate(text[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static int CountCodePoints(string text)
    {
        var count = text.Length;
        foreach (var unit in text)
        {
            if (char.IsLowSurrogate(unit))
                count--;
        }

        return count;
    }
}
