using System.ComponentModel.DataAnnotations;

namespace Hypersend.Contracts.Validation;

/// <summary>The field must be there. What an empty or blank text means is for the attribute beside it to say.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class NeededAttribute : RequiredAttribute
{
    public NeededAttribute()
    {
        AllowEmptyStrings = true;
        ErrorMessage = "is required";
    }
}
