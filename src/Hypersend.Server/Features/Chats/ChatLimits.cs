namespace Hypersend.Server.Features.Chats;

/// <summary>How much of anything a chat can have.</summary>
internal static class ChatLimits
{
    public const int GroupMembers = 10_000;

    /// <summary>Of rooms and channels, which write nothing down when people come and go.</summary>
    public const int OpenMembers = 1_000_000;

    /// <summary>Up to here everybody is told of everybody: how far they have read, who came and went.</summary>
    public const int SmallChat = 50;

    /// <summary>In larger chats nobody hears who is typing.</summary>
    public const int TypingChat = 200;

    public const int Invites = 200;

    public const int DraftLength = 10_000;

    /// <summary>A command that touches more rows than this holds everybody else up.</summary>
    public const int RowsInOneStep = 500;

    public static int MembersOf(string type) => ChatRules.IsQuiet(type) ? OpenMembers : GroupMembers;
}
