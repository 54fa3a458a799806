namespace Hypersend.Seed;

/// <summary>One thing that is said: by whom (0 or 1), in answer to which line, and what the other one thinks of it.</summary>
internal sealed record Line(int Speaker, string Content, int? ReplyTo, string? Reaction)
{
    private const int Stretch = 150;

    private static readonly string[] Emoji = ["👍", "❤️", "😂", "🎉", "🙏"];

    /// <summary>The same conversation every time it is asked for; a language lasts for a while, then comes another one.</summary>
    /// <param name="sentences">What people say.</param>
    /// <param name="seed">Which conversation.</param>
    /// <param name="count">How many lines.</param>
    /// <param name="names">The two, to call each other by.</param>
    /// <param name="isOneSided">Only the first one speaks.</param>
    public static IEnumerable<Line> Conversation(Sentences sentences, ulong seed, int count, string[] names, bool isOneSided)
    {
        var dice = new Dice(seed);
        var (language, speaker) = (0, 0);
        for (var number = 0; number < count; number++)
        {
            if (number % Stretch == 0)
                language = dice.Below(sentences.Languages);
            if (!isOneSided && !dice.OnceIn(3))
                speaker = dice.Below(2);
            var content = sentences.Next(language, dice);
            if (dice.OnceIn(40))
                content = $"@{names[1 - speaker]} {content}";
            int? reply = number > 0 && dice.OnceIn(9) ? Math.Max(0, number - 1 - dice.Below(12)) : null;
            yield return new Line(speaker, content, reply, dice.OnceIn(12) ? dice.OneOf(Emoji) : null);
        }
    }
}
