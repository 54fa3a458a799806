using Hypersend.Server.Features.Messages;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>How rows of messages are read, many at once: pages, what happened since, search results.</summary>
internal class MessageReader
{
    /// <param name="sql">The session to read in.</param>
    /// <param name="query">Selects <see cref="SqlMessages.Columns"/> and nothing before them.</param>
    /// <param name="values">Its parameters.</param>
    public virtual Task<IReadOnlyList<MessageRow>> ListAsync(SqlSession sql, string query, object values) => sql.ListAsync<MessageRow>(query, values);
}
