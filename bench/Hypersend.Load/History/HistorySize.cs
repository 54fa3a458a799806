namespace Hypersend.Load.History;

/// <summary>How much there is to read: a reader with many chats, others with as many, and one chat that everybody is in.</summary>
internal sealed record HistorySize(string Name, int People, int Chats, int InOneChat, int OfTheReader, int OfOthers)
{
    public static readonly HistorySize Usual = new("history", 1_000, 1_000, 1_000_000, 4_000_000, 5_000_000);

    public static readonly HistorySize Small = new("history-quick", 100, 100, 10_000, 40_000, 50_000);

    /// <summary>As many messages in the same proportions, for a machine with less time.</summary>
    public static HistorySize Of(int messages) => new(
        $"history-{messages}", Math.Clamp(messages / 10_000, 300, 1_000), 1_000, messages / 10, messages / 10 * 4, messages - (messages / 10 * 5));

    public int Messages => InOneChat + OfTheReader + OfOthers;
}
