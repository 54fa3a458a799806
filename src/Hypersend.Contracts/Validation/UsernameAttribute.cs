using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace Hypersend.Contracts.Validation;

/// <summary>A user name: 3-32 of A-Z a-z 0-9 _ . - , unique without regard to case. Null passes; add [Needed].</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed partial class UsernameAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) => value switch
    {
        null => ValidationResult.Success,
        string text when Shape().IsMatch(text) => ValidationResult.Success,
        string text when !TextAttribute.IsWellFormed(text) => new ValidationResult(TextAttribute.InvalidText),
        _ => new ValidationResult("must have 3 to 32 characters, each a letter A-Z, a digit, or one of _ . -"),
    };

    [GeneratedRegex(@"\A[A-Za-z0-9_.\-]{3,32}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
