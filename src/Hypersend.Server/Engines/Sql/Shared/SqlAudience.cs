namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>Who lets whom come near, wherever that is asked.</summary>
internal static class SqlAudience
{
    /// <summary>A person u lets nobody, or only those they know, and the actor is not one of these.</summary>
    public static string IsShut(string audience, string actor) =>
        $"""
        (u.{audience} = 'nobody' OR (u.{audience} = 'contacts'
            AND NOT EXISTS (SELECT 1 FROM follows f WHERE f.follower_id = u.id AND f.followed_id = {actor})
            AND NOT EXISTS (
                SELECT 1 FROM chat_members m JOIN chats c ON c.no = m.chat_no AND c.type = 'direct'
                    JOIN chat_members p ON p.chat_no = m.chat_no AND p.user_id = {actor} AND p.left_at IS NULL
                WHERE m.user_id = u.id AND m.left_at IS NULL)))
        """;
}
