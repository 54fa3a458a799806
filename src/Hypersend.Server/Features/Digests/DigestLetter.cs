using System.Globalization;
using System.Text;
using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Server.Platform.Mail;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Features.Digests;

/// <summary>What stands in a digest: how much waits in which chat, and never what it says. Who hides the content hides the names too.</summary>
internal static class DigestLetter
{
    private const int LongestName = 60;
    private const char NonJoiner = '\u200c';
    private const char Joiner = '\u200d';

    /// <summary>Null when nothing waits.</summary>
    public static Letter? Of(Digest digest, string brand, Uri home, Uri end)
    {
        var chats = digest.Chats.Where(chat => chat.Unread > 0).ToList();
        if (chats.Count == 0)
            return null;
        var sum = chats.Sum(chat => chat.Unread);
        var settings = JsonSerializer.Deserialize(digest.Person.Settings, HypersendJson.Wire.UserSettings);
        var lines = new StringBuilder();
        if (settings?.Notifications?.Preview == false)
            lines.Append(CultureInfo.InvariantCulture, $"  {sum}{ForYou(chats.Sum(chat => chat.Mentions))}\n");
        else
        {
            foreach (var chat in chats)
                lines.Append(CultureInfo.InvariantCulture, $"  {Harmless(chat.Name)}: {chat.Unread}{ForYou(chat.Mentions)}\n");
        }

        var text =
            $"""
            Hello {digest.Person.Username},

            while you were away, messages came on {brand}:

            {lines}
            Read them: {home}

            This mail comes once a day at most, because you asked for it. No more of them:
            {end}

            """;
        return new Letter(digest.Person.Email, string.Create(CultureInfo.InvariantCulture, $"{brand}: unread messages ({sum})"), text) { Unsubscribe = end };
    }

    private static string ForYou(long mentions) => mentions > 0 ? string.Create(CultureInfo.InvariantCulture, $" ({mentions} for you)") : "";

    /// <summary>
    /// A name on one line, read in its own direction, in which no mail program finds an address to click on: others choose the names of
    /// chats, and this letter comes from a server that its reader trusts.
    /// </summary>
    private static string Harmless(string name)
    {
        var kept = new StringBuilder(name.Length);
        for (var i = 0; i < name.Length; i++)
        {
            var one = name[i];
            switch (char.GetUnicodeCategory(one))
            {
                case UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator:
                    kept.Append(' ');
                    continue;
                case UnicodeCategory.Format when one is not (NonJoiner or Joiner):
                    continue;
            }

            kept.Append(one);
            if (one is '.' or ':' or '@' && i + 1 < name.Length && !char.IsWhiteSpace(name[i + 1]))
                kept.Append(' ');
        }

        return Excerpt.Of(kept.ToString(), LongestName);
    }
}
