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
    public MailAddressAttribute()
        : base("must be an e-mail address such as ana@example.org")
    {
    }

    public override bool IsValid(object? value) =>
        value is null || (value is string { Length: <= 254 } text && Shape().IsMatch(text));

    [GeneratedRegex(@"\A[^\s@<>()\[\]\\,;:""\p{C}.][^\s@<>()\[\]\\,;:""\p{C}]{0,63}(?<!\.)@[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}\-.]{0,187}[\p{L}\p{N}\p{M}])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
