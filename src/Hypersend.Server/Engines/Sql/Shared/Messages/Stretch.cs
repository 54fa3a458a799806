using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Messages;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>A run of keys of one chat, or of the answers in one of its threads.</summary>
internal sealed class Stretch(SqlSession sql, long chatNo, long visibleFrom)
{
    private readonly long _first = MessageKey.Of(chatNo, visibleFrom) + 1;
    private readonly long _last = MessageKey.LastOf(chatNo);

    // The first message of the thread; 0 for the whole chat.
    private long _thread;

    /// <summary>An answer stands for the thread it is in. False when there is no such message for the viewer.</summary>
    public async Task<bool> FindThreadAsync(MessageId one)
    {
        var key = MessageKey.Of(chatNo, one.Seq);
        if (key < _first || await SqlMessages.FindAsync(sql, key) is not { } row)
            return false;
        _thread = row.ThreadKey ?? row.Key;
        return true;
    }

    /// <summary>Ascending rows, and whether there is more on either side.</summary>
    public async Task<(IReadOnlyList<MessageRow> Rows, bool Before, bool After)> ReadAsync(PageWish wish)
    {
        if (wish.Around is { } around)
        {
            var middle = MessageKey.Of(chatNo, Clamp(around));
            var older = await BelowAsync(middle, (wish.Limit / 2) + 1);
            var newer = await AboveAsync(middle - 1, wish.Limit - (wish.Limit / 2) + 1);
            var before = older.Count > wish.Limit / 2;
            var after = newer.Count > wish.Limit - (wish.Limit / 2);
            return ([.. older.Take(wish.Limit / 2).Reverse(), .. newer.Take(wish.Limit - (wish.Limit / 2))], before, after);
        }

        if (wish.After is { } seq)
        {
            var start = MessageKey.Of(chatNo, Clamp(seq));
            var rows = await AboveAsync(start, wish.Limit + 1);
            return ([.. rows.Take(wish.Limit)], (await BelowAsync(start + 1, 1)).Count > 0, rows.Count > wish.Limit);
        }

        var end = wish.Before is { } next ? MessageKey.Of(chatNo, Clamp(next)) : _last;
        var page = await BelowAsync(end, wish.Limit + 1);
        return ([.. page.Take(wish.Limit).Reverse()], page.Count > wish.Limit, wish.Before is not null && (await AboveAsync(end - 1, 1)).Count > 0);
    }

    private static long Clamp(long seq) => Math.Clamp(seq, 0, uint.MaxValue);

    private Task<IReadOnlyList<MessageRow>> BelowAsync(long key, int limit) => SqlMessages.ListAsync(
        sql, Condition + " ORDER BY x.key DESC LIMIT @limit", new { from = _first, to = key - 1, thread = _thread, limit });

    private Task<IReadOnlyList<MessageRow>> AboveAsync(long key, int limit) => SqlMessages.ListAsync(
        sql, Condition + " ORDER BY x.key LIMIT @limit", new { from = Math.Max(_first, key + 1), to = _last, thread = _thread, limit });

    private string Condition => _thread == 0
        ? " WHERE x.key BETWEEN @from AND @to"
        : " WHERE x.key BETWEEN @from AND @to AND x.thread_key = @thread";
}
