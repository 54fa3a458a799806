using Dapper;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>What goes into a ZIP.</summary>
internal sealed partial class SqlFileStore
{
    private const string Shown = " WHERE f.no IN (SELECT file_no FROM message_files WHERE message_key > @first AND message_key <= @last)";

    /// <summary>What others have used up would break the whole in its middle.</summary>
    private const string MayBeFetched =
        """
         AND f.state = 'ready' AND (f.retention_at IS NULL OR f.retention_at > @nowMs)
            AND (f.retention_mode <> 'downloads' OR f.downloads < f.retention_count
                OR EXISTS (SELECT 1 FROM file_takers t WHERE t.file_no = f.no AND t.taker = @taker AND t.taken_at IS NOT NULL))
        """;

    public Task<Result<IReadOnlyList<FileRow>>> ReadyOfChatAsync(
        UserId viewer, ChatId chat, IReadOnlyCollection<FileId>? ids, int limit, DateTimeOffset now, CancellationToken cancellation) =>
        database.SnapshotAsync<Result<IReadOnlyList<FileRow>>>(
            async sql =>
            {
                if (await FindSeatAsync(sql, viewer, chat) is not { } seat)
                    return new Failure(ErrorCodes.NotFound);
                var taker = Taker.Of(viewer).Key;
                var values = new DynamicParameters(
                    new { first = MessageKey.Of(seat.No, seat.VisibleFrom), last = MessageKey.LastOf(seat.No), limit, taker, nowMs = now.ToUnixTimeMilliseconds() });
                var wanted = "";
                if (ids is not null)
                {
                    wanted = " AND f.id IN " + IdList.In(values, "id", ids);
                    if (await sql.ScalarAsync<long>("SELECT COUNT(*) FROM files f" + Shown + wanted, values) < ids.Count)
                        return new Failure(ErrorCodes.NotFound);
                }

                return Result.Of(await sql.ListAsync<FileRow>(SqlFiles.Select + Shown + MayBeFetched + wanted + " ORDER BY f.no LIMIT @limit", values));
            },
            cancellation);
}
