using System.Text.Json;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <inheritdoc/>
internal sealed class SqlScheduledStore(SqlDatabase database, TimeProvider clock) : IScheduledStore
{
    private const int MostOfOne = 200;

    private const string Select =
        """
        SELECT s.id, c.id AS chat_id, s.sender_id, s.request, s.send_at, s.failed_code
        FROM scheduled_messages s JOIN chats c ON c.no = s.chat_no
        """;

    public Task<Result<AddedSchedule>> AddAsync(UserId sender, SendMessageRequest request, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync<Result<AddedSchedule>>(
            async sql =>
            {
                if (await LockedChat.TakeAsync(sql, request.ChatId!.Value, sender) is not { ActorRole: { } role } chat)
                    return new Failure(ErrorCodes.NotFound);
                if (!MessageRights.MaySend(chat.Type, role, chat.MembersMay))
                    return new Failure(ErrorCodes.Forbidden);

                if (chat.Type == ChatTypes.Direct && await SqlMessages.IsBlockedAsync(sql, chat.No, sender))
                    return new Failure(ErrorCodes.Blocked);

                // The client id makes this call idempotent too.
                if (request.ClientId is { } clientId)
                {
                    if (await sql.FindAsync<long?>(
                        "SELECT key FROM messages WHERE (key >> 32) = @No AND sender_id = @sender AND client_id = @clientId", new { chat.No, sender, clientId }) is { } sent)
                    {
                        return new AddedSchedule(null, await SqlMessages.FindAsync(sql, sent));
                    }

                    var mine = await sql.ListAsync<Row>(Select + " WHERE s.sender_id = @sender AND s.chat_no = @No", new { sender, chat.No });
                    if (mine.FirstOrDefault(row => row.Read().ClientId == clientId) is { } same)
                        return new AddedSchedule(same.ToWire(), null);
                }

                if (await sql.ScalarAsync<long>("SELECT COUNT(*) FROM scheduled_messages WHERE sender_id = @sender", new { sender }) >= MostOfOne)
                    return new Failure(ErrorCodes.TooManyScheduled);
                var id = new ScheduledId(Guid.CreateVersion7(clock.GetUtcNow()));
                await sql.ExecuteAsync(
                    """
                    INSERT INTO scheduled_messages (id, chat_no, sender_id, request, send_at, due_at, created_at)
                    VALUES (@id, @No, @sender, @request, @SendAt, @SendAt, @now)
                    """,
                    new { id, chat.No, sender, request = ToColumn(request), request.SendAt, now });
                return new AddedSchedule((await FindAsync(sql, sender, id))!.ToWire(), null);
            },
            cancellation);

    public Task<Result<IReadOnlyList<ScheduledMessage>>> ListAsync(UserId sender, ChatId chat, CancellationToken cancellation) =>
        database.ReadAsync<Result<IReadOnlyList<ScheduledMessage>>>(
            async sql =>
            {
                if (await sql.FindAsync<long?>(
                    "SELECT c.no FROM chats c JOIN chat_members m ON m.chat_no = c.no AND m.user_id = @sender AND m.left_at IS NULL WHERE c.id = @chat",
                    new { sender, chat }) is not { } no)
                    return new Failure(ErrorCodes.NotFound);
                var rows = await sql.ListAsync<Row>(Select + " WHERE s.sender_id = @sender AND s.chat_no = @no ORDER BY s.send_at, s.id", new { sender, no });
                return Result.Of<IReadOnlyList<ScheduledMessage>>([.. rows.Select(row => row.ToWire())]);
            },
            cancellation);

    public Task<Result<ScheduledMessage>> ChangeAsync(UserId sender, ScheduledId id, string? content, DateTimeOffset? sendAt, CancellationToken cancellation) =>
        database.WriteAsync<Result<ScheduledMessage>>(
            async sql =>
            {
                // Locked, so that it is not being sent while it changes.
                if (await sql.FindAsync<DateTimeOffset?>("SELECT send_at FROM scheduled_messages WHERE id = @id AND sender_id = @sender" + sql.Dialect.ForUpdate, new { id, sender }) is null ||
                    await FindAsync(sql, sender, id) is not { } row)
                    return new Failure(ErrorCodes.NotFound);
                var request = row.Read();
                request = request with { Content = content ?? request.Content, SendAt = sendAt ?? request.SendAt };
                await sql.ExecuteAsync(
                    "UPDATE scheduled_messages SET request = @request, send_at = @SendAt, due_at = @SendAt, failed_code = NULL WHERE id = @id",
                    new { request = ToColumn(request), request.SendAt, id });
                return (await FindAsync(sql, sender, id))!.ToWire();
            },
            cancellation);

    public Task<bool> DeleteAsync(UserId sender, ScheduledId id, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql => await sql.ExecuteAsync("DELETE FROM scheduled_messages WHERE id = @id AND sender_id = @sender", new { id, sender }) > 0, cancellation);

    public Task<IReadOnlyList<DueMessage>> TakeDueAsync(DateTimeOffset now, TimeSpan lease, int limit, CancellationToken cancellation) =>
        database.WriteAsync<IReadOnlyList<DueMessage>>(
            async sql =>
            {
                var due = new List<DueMessage>();
                foreach (var id in await sql.ListAsync<ScheduledId>("SELECT id FROM scheduled_messages WHERE due_at <= @now ORDER BY due_at, id LIMIT @limit", new { now, limit }))
                {
                    // Who moves the time has it: the other node finds nothing to move.
                    if (await sql.ExecuteAsync("UPDATE scheduled_messages SET due_at = @until WHERE id = @id AND due_at <= @now", new { until = now + lease, id, now }) > 0 &&
                        await sql.FindAsync<Row>(Select + " WHERE s.id = @id", new { id }) is { } row)
                        due.Add(new DueMessage(row.Id, row.SenderId, row.Read() with { SendAt = null }));
                }

                return due;
            },
            cancellation);

    public Task FailAsync(ScheduledId id, string code, CancellationToken cancellation) =>
        database.WriteAsync(sql => sql.ExecuteAsync("UPDATE scheduled_messages SET due_at = NULL, failed_code = @code WHERE id = @id", new { code, id }), cancellation);

    public Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellation) =>
        database.ReadAsync(
            sql => sql.FindAsync<DateTimeOffset?>("SELECT due_at FROM scheduled_messages WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1"), cancellation);

    private static Task<Row?> FindAsync(SqlSession sql, UserId sender, ScheduledId id) =>
        sql.FindAsync<Row>(Select + " WHERE s.id = @id AND s.sender_id = @sender", new { id, sender });

    private static string ToColumn(SendMessageRequest request) => JsonSerializer.Serialize(request, StoredJson.Default.SendMessageRequest);

    private sealed record Row
    {
        public ScheduledId Id { get; init; }

        public ChatId ChatId { get; init; }

        public UserId SenderId { get; init; }

        public string Request { get; init; } = "";

        public DateTimeOffset SendAt { get; init; }

        public string? FailedCode { get; init; }

        public SendMessageRequest Read() => JsonSerializer.Deserialize(Request, StoredJson.Default.SendMessageRequest)!;

        public ScheduledMessage ToWire()
        {
            var request = Read();
            return new ScheduledMessage
            {
                ScheduledId = Id,
                SendAt = SendAt,
                ChatId = ChatId,
                Content = request.Content ?? "",
                ReplyTo = request.ReplyTo,
                Thread = request.Thread,
                FailedCode = FailedCode,
            };
        }
    }
}
