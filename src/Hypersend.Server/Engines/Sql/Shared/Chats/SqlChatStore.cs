using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime;
using Person = Hypersend.Contracts.Messages.Person;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <inheritdoc/>
internal sealed partial class SqlChatStore(SqlDatabase database, PresenceTable presence) : IChatStore, IMemberStore, IChatViews
{
    private static readonly Failure NotFound = new(ErrorCodes.NotFound);

    /// <summary>Of a chat c, its head h and the membership m of @viewer, which may be missing.</summary>
    private const string ChatColumns =
        """
        c.no, c.id, c.type, c.name, c.description, c.public, c.members_may, c.created_by, c.created_at, h.seq, h.rev, h.member_count,
            m.role, COALESCE(m.read_seq, 0) AS read_seq,
            CASE WHEN c.type = 'direct' THEN (SELECT p.user_id FROM chat_members p WHERE p.chat_no = c.no AND p.user_id <> m.user_id) END AS peer_id
        """;

    private const string SelectChat =
        "SELECT " + ChatColumns +
        """
         FROM chats c JOIN chat_heads h ON h.chat_no = c.no
            LEFT JOIN chat_members m ON m.chat_no = c.no AND m.user_id = @viewer AND m.left_at IS NULL
        WHERE c.deleted_at IS NULL
        """;

    private static async Task<ChatSeen> SeenAsync(SqlSession sql, ChatRow row, UserId viewer) =>
        new(row, row.PeerId is { } peer ? await sql.FindAsync<Profile>(SqlUserStore.SelectProfile + " WHERE u.id = @peer", new { peer, viewer }) : null);

    /// <summary>The chat as its actor sees it now, at the end of the transaction that changed it.</summary>
    private static async Task<ChatSeen> SeenAsync(SqlSession sql, LockedChat chat, UserId viewer) =>
        await SeenAsync(sql, (await sql.FindAsync<ChatRow>(SelectChat + " AND c.no = @No", new { chat.No, viewer }))!, viewer);

    private static async Task<Person?> CardAsync(SqlSession sql, UserId id) =>
        await sql.FindAsync<CardRow>("SELECT id, username, name, avatar_hash FROM users WHERE id = @id", new { id }) is { } row ? row.ToPerson() : null;

    /// <summary>The roles of the others do not matter here, only whether one of them is an owner.</summary>
    private static async Task<bool> HasOtherOwnerAsync(SqlSession sql, long no, UserId user) =>
        await sql.FindAsync<long?>(
            "SELECT chat_no FROM chat_members WHERE chat_no = @no AND role = @owner AND user_id <> @user AND left_at IS NULL LIMIT 1",
            new { no, user, owner = ChatRoles.Owner }) is not null;

    private sealed record CardRow
    {
        public UserId Id { get; init; }

        public string Username { get; init; } = "";

        public string Name { get; init; } = "";

        public string? AvatarHash { get; init; }

        public Person ToPerson() => new() { Id = Id, Username = Username, Name = Name, AvatarUrl = UserRules.AvatarUrl(Id, AvatarHash) };
    }
}
