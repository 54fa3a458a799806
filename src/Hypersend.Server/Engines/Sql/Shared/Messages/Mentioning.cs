using System.Text.Json;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Messages;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>From the names a text calls to the members they belong to.</summary>
internal static class Mentioning
{
    public static async Task<IReadOnlyCollection<UserId>> FindAsync(SqlSession sql, string content, long chatNo, string role)
    {
        var names = Mentions.In(content);
        if (names.Count == 0)
            return [];
        var mentioned = new HashSet<UserId>();
        foreach (var name in names)
        {
            // One row of nobody in particular, not one for each member.
            if (name == Mentions.Everybody && MessageRights.MayCallAll(role))
                mentioned.Add(default);
            else if (await FindAsync(sql, name, chatNo) is { } user)
                mentioned.Add(user);
        }

        return mentioned;
    }

    /// <summary>Who gets a row: when everybody is called, whoever is called by name too would count twice.</summary>
    public static IReadOnlyCollection<UserId> RowsOf(IReadOnlyCollection<UserId> mentioned) => mentioned.Contains(default) ? [default] : mentioned;

    public static string? ToColumn(IReadOnlyCollection<UserId> mentioned) =>
        mentioned.Count == 0 ? null : JsonSerializer.Serialize([.. mentioned], StoredJson.Default.UserIdArray);

    private static Task<UserId?> FindAsync(SqlSession sql, string name, long chatNo) => sql.FindAsync<UserId?>(
        """
        SELECT u.id FROM users u JOIN chat_members m ON m.user_id = u.id AND m.chat_no = @chatNo AND m.left_at IS NULL
        WHERE u.username_key = @name AND u.deleted_at IS NULL
        """,
        new { chatNo, name });
}
