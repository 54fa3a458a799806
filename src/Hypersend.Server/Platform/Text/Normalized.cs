using System.Text;

namespace Hypersend.Server.Platform.Text;

/// <summary>Unicode normalisation of any text without lone surrogates.</summary>
internal static class Normalized
{
    // The framework refuses this noncharacter, though Unicode gives it a normal form like any other: itself.
    private const char Refused = '\uFFFE';

    /// <summary>Throws <see cref="ArgumentException"/> for a lone surrogate only.</summary>
    public static string Of(string text, NormalizationForm form) =>
        text.Contains(Refused, StringComparison.Ordinal)
            ? string.Join(Refused, text.Split(Refused).Select(part => part.Normalize(form))) // it composes with nothing
            : text.Normalize(form);
}
