using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Platform.Auth.Passwords;

/// <summary>Which passwords are refused; length counts, composition does not.</summary>
internal static class PasswordRules
{
    public const int Shortest = 8;
    public const int Longest = 1024;

    /// <summary>What is wrong with the password, to be read after the field's name; null when nothing is.</summary>
    /// <param name="password">As typed.</param>
    /// <param name="personal">Username, e-mail address, name: what a guesser tries first.</param>
    public static string? Problem(string password, params string?[] personal)
    {
        if (TextRules.HasNul(password))
            return "must not contain the character U+0000";
        if (TextRules.HasLoneSurrogate(password))
            return "must be valid Unicode text";
        var length = CodePoints.Count(password);
        if (length < Shortest)
            return $"must have at least {Shortest} characters";
        if (length > Longest)
            return $"must have at most {Longest} characters";
        if (CommonPasswords.Contains(password))
            return "is one of the most common passwords";
        return personal.Any(text => IsPersonal(password, text)) ? "must not be your user name, name or e-mail address" : null;
    }

    private static bool IsPersonal(string password, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return false;
        var folded = NameForm.Of(password);
        return folded == NameForm.Of(text) || folded == NameForm.Of(text.Split('@')[0]);
    }
}
