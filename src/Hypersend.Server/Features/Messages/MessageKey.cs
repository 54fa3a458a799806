using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Features.Messages;

/// <summary>Chat number and seq (or rev) in one integer, so that a chat's history is one stretch of the table.</summary>
internal static class MessageKey
{
    private const int Bits = 32;

    public static long Of(long chatNo, long seq) => (chatNo << Bits) | seq;

    public static long ChatOf(long key) => key >> Bits;

    public static long SeqOf(long key) => key & uint.MaxValue;

    /// <summary>The highest key of the chat.</summary>
    public static long LastOf(long chatNo) => (chatNo << Bits) | uint.MaxValue;

    public static MessageId? ToId(ChatId chat, long? key) => key is { } known ? new MessageId(chat, SeqOf(known)) : null;
}
