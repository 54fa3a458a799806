using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace Hypersend.Contracts.Validation;

/// <summary>
/// An e-mail address that a mail server could take: one @, nothing that would need quoting or could break a header.
/// Whether it exists only a mail can tell. Null passes; add [Needed].
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed partial class MailAddressAttribute : ValidationAttribute
{
    private const string Atom = @"[^\s@<>()\[\]\\,;:""\p{C}.]+";
    private const string Label = @"[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}\-]{0,61}[\p{L}\p{N}\p{M}])?";

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) => value switch
    {
        null => ValidationResult.Success,
        string { Length: <= 254 } text when Shape().IsMatch(text) => ValidationResult.Success,
        string text when !TextAttribute.IsWellFormed(text) => new ValidationResult(TextAttribute.InvalidText),
        _ => new ValidationResult("must be an e-mail address such as ana@example.org"),
    };

    [GeneratedRegex(@"\A(?=[^@]{1,64}@)" + Atom + @"(?:\." + Atom + ")*@" + Label + @"(?:\." + Label + @")*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
