using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>One sender in one chat, read after the chat's head was locked: the counters, the rights, the marks, the card.</summary>
internal sealed record SenderRow
{
    public long ChatNo { get; init; }

    public ChatId ChatId { get; init; }

    public UserId UserId { get; init; }

    public string ChatType { get; init; } = "";

    public long MembersMay { get; init; }

    public long Seq { get; init; }

    public long Rev { get; init; }

    public long Counted { get; init; }

    public int MemberCount { get; init; }

    public long MembersVersion { get; init; }

    /// <summary>Null when they are not in the chat.</summary>
    public string? Role { get; init; }

    public long VisibleFrom { get; init; }

    public long ReadSeq { get; init; }

    public long ReadCounted { get; init; }

    public long OwnAfter { get; init; }

    public long DeliveredSeq { get; init; }

    public string Username { get; init; } = "";

    public string Name { get; init; } = "";

    public string? AvatarHash { get; init; }

    /// <summary>The other one of a direct chat does not want to hear from them.</summary>
    public bool Blocked { get; init; }
}

/// <summary>The counters of a chat while a batch goes through it.</summary>
internal sealed class OpenHead(SenderRow row)
{
    public long ChatNo => row.ChatNo;

    public ChatId ChatId => row.ChatId;

    public long MembersVersion => row.MembersVersion;

    public int MemberCount => row.MemberCount;

    public long Seq { get; set; } = row.Seq;

    public long Rev { get; set; } = row.Rev;

    public long Counted { get; set; } = row.Counted;
}

/// <summary>The marks of a sender while a batch goes through the chat.</summary>
internal sealed class OpenMarks(SenderRow row)
{
    public SenderRow Row => row;

    public long ReadSeq { get; private set; } = row.ReadSeq;

    public long ReadCounted { get; private set; } = row.ReadCounted;

    public long OwnAfter { get; private set; } = row.OwnAfter;

    public long DeliveredSeq { get; private set; } = row.DeliveredSeq;

    public bool Moved { get; private set; }

    /// <summary>My message is read by me when nothing of others lies between it and what I have read.</summary>
    public void Sent(long seq, long countedBefore, bool movesReadMark)
    {
        Moved = true;
        if (!movesReadMark || countedBefore - ReadCounted - OwnAfter != 0)
        {
            OwnAfter++;
            return;
        }

        ReadSeq = seq;
        ReadCounted = countedBefore + 1;
        OwnAfter = 0;
        DeliveredSeq = Math.Max(DeliveredSeq, seq);
    }
}

/// <summary>What is known of a batch once its chats are locked.</summary>
internal sealed record OpenedBatch(IReadOnlyList<SenderRow> Senders, IReadOnlyList<SentRow> Sent);

/// <summary>A message that a client id brought in before.</summary>
internal sealed record SentRow
{
    public long Key { get; init; }

    public UserId SenderId { get; init; }

    public string ClientId { get; init; } = "";
}
