using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Messages;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>
/// The statements of the hot path, where the two databases differ most: one wants few round trips with arrays, the
/// other many small prepared steps.
/// </summary>
internal abstract class MessageAppend
{
    /// <summary>
    /// Locks the heads of all these chats in the order of their numbers; then reads each sender's row, and which of the client ids
    /// have brought in a message before. Unknown chats are left out.
    /// </summary>
    public abstract Task<OpenedBatch> OpenAsync(
        SqlSession sql, IReadOnlyCollection<(ChatId Chat, UserId User)> senders, IReadOnlyCollection<(ChatId Chat, UserId Sender, string ClientId)> clientIds);

    public abstract Task InsertAsync(SqlSession sql, IReadOnlyList<MessageRow> rows);

    public abstract Task SaveAsync(SqlSession sql, IReadOnlyCollection<OpenMarks> marks, IReadOnlyCollection<OpenHead> heads, DateTimeOffset now);

    /// <summary>Both at once, when nothing lies between them.</summary>
    public virtual async Task InsertAndSaveAsync(
        SqlSession sql, IReadOnlyList<MessageRow> rows, IReadOnlyCollection<OpenMarks> marks, IReadOnlyCollection<OpenHead> heads, DateTimeOffset now)
    {
        await InsertAsync(sql, rows);
        await SaveAsync(sql, marks, heads, now);
    }
}
