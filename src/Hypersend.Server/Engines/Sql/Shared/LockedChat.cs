using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>
/// A chat locked for one change. Its counters are handed out here and written back once; who acts was read after the
/// lock, so that the rights are those of this moment.
/// </summary>
internal sealed record LockedChat
{
    public long No { get; init; }

    public ChatId Id { get; init; }

    public string Type { get; init; } = "";

    public string Name { get; init; } = "";

    public string Description { get; init; } = "";

    public bool Public { get; init; }

    public long MembersMay { get; init; }

    public UserId CreatedBy { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public long Seq { get; set; }

    public long Rev { get; set; }

    public long Counted { get; set; }

    public int MemberCount { get; set; }

    public long MembersVersion { get; set; }

    /// <summary>The role of the one who acts; null when they are not in the chat.</summary>
    public string? ActorRole { get; init; }

    public long ActorVisibleFrom { get; init; }

    public Standing Actor => new(Type, ActorRole, (MemberRights)MembersMay);

    public bool IsShared => ChatRules.IsShared(Type);

    /// <summary>Rooms and channels write nothing down when plain members come and go.</summary>
    public bool IsQuiet => ChatRules.IsQuiet(Type);

    private const string Select =
        """
        SELECT c.no, c.id, c.type, c.name, c.description, c.public, c.members_may, c.created_by, c.created_at,
            h.seq, h.rev, h.counted, h.member_count, h.members_version,
            m.role AS actor_role, COALESCE(m.visible_from, 0) AS actor_visible_from
        FROM chats c JOIN chat_heads h ON h.chat_no = c.no
            LEFT JOIN chat_members m ON m.chat_no = c.no AND m.user_id = @actor AND m.left_at IS NULL
        WHERE c.no = @no AND c.deleted_at IS NULL
        """;

    /// <summary>Null when there is no such chat. Rights are for the caller to check.</summary>
    public static async Task<LockedChat?> TakeAsync(SqlSession sql, ChatId id, UserId actor) =>
        await sql.FindAsync<long?>("SELECT no FROM chats WHERE id = @id", new { id }) is { } no ? await TakeAsync(sql, no, actor) : null;

    public static async Task<LockedChat?> TakeAsync(SqlSession sql, long no, UserId actor)
    {
        // The head alone is locked, and everything else read after it: two changes of one chat never see the same state.
        await sql.FindAsync<long?>("SELECT chat_no FROM chat_heads WHERE chat_no = @no" + sql.Dialect.ForUpdate, new { no });
        return await sql.FindAsync<LockedChat>(Select, new { no, actor });
    }

    /// <summary>The next rev, and with it the key that stands in a message's row.</summary>
    public long NextRevKey() => MessageKey.Of(No, ++Rev);

    /// <summary>Writes the counters back. Without it nothing that was handed out is used.</summary>
    public Task SaveAsync(SqlSession sql, DateTimeOffset now) => sql.ExecuteAsync(
        """
        UPDATE chat_heads SET seq = @Seq, rev = @Rev, counted = @Counted, member_count = @MemberCount,
            members_version = @MembersVersion, changed_at = @now
        WHERE chat_no = @No
        """,
        new { Seq, Rev, Counted, MemberCount, MembersVersion, No, now });

    public ChatChange ToChange() => new(No, Id, MembersVersion, MemberCount) { Rev = Rev, Type = Type };
}
