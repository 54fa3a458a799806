using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Messages;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>
/// The five statements of the hot path, where the two databases differ most: one wants few round trips with arrays, the
/// other many small prepared steps.
/// </summary>
internal abstract class MessageAppend
{
    /// <summary>Locks the heads of all these chats in the order of their numbers, then reads each sender's row. Unknown chats are left out.</summary>
    public abstract Task<IReadOnlyList<SenderRow>> LockAsync(SqlSession sql, IReadOnlyCollection<(ChatId Chat, UserId User)> senders);

    /// <summary>Which of these client ids have brought in a message before.</summary>
    public abstract Task<IReadOnlyList<SentRow>> FindSentAsync(SqlSession sql, IReadOnlyList<(long ChatNo, UserId Sender, string ClientId)> wanted);

    public abstract Task InsertAsync(SqlSession sql, IReadOnlyList<MessageRow> rows);

    public abstract Task SaveHeadsAsync(SqlSession sql, IReadOnlyCollection<OpenHead> heads, DateTimeOffset now);

    public abstract Task SaveMarksAsync(SqlSession sql, IReadOnlyCollection<OpenMarks> marks);
}
