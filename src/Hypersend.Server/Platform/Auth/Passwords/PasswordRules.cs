using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Platform.Auth.Passwords;

/// <summary>Which passwords are refused; length counts, composition does not.</summary>
internal static class PasswordRules
{
    public const int Shortest = 8;
    public const int Longest = 1024;

    /// <summary>What is wrong with the password, as a sentence for its owner; null when nothing is.</summary>
    /// <param name="password">As typed.</param>
    /// <param name="personal">Username, e-mail address, name: what a guesser tries first.</param>
    public static string? Problem(string password, params string?[] personal)
    {
        if (TextRules.HasNul(password))
            return "The password must not contain the character U+0000.";
        if (TextRules.HasLoneSurrogate(password))
            return "The password is not valid Unicode text.";
        var length = CodePoints.Count(password);
        if (length < Shortest)
            return $"The password must have at least {Shortest} characters.";
        if (length > Longest)
            return $"The password must have at most {Longest} characters.";
        if (IsOneCharacter(password))
            return "The password must not be one character repeated.";
        if (CommonPasswords.Contains(password))
            return "This is one of the most common passwords. Choose another.";
        return personal.Any(text => IsPersonal(password, text)) ? "The password must not be your username or e-mail address." : null;
    }

    private static bool IsOneCharacter(string password)
    {
        var runes = password.EnumerateRunes();
        runes.MoveNext();
        var first = runes.Current;
        while (runes.MoveNext())
        {
            if (runes.Current != first)
                return false;
        }
        return true;
    }

    private static bool IsPersonal(string password, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return false;
        var folded = NameForm.Of(password);
        return folded == NameForm.Of(text) || folded == NameForm.Of(text.Split('@')[0]);
    }
}
