using Dapper;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Imports;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <inheritdoc/>
internal sealed partial class SqlImportStore(SqlDatabase database) : IImportStore
{
    private const int LongestStart = 28;

    private const string SelectChat = "SELECT c.no, c.id, h.seq, c.deleted_at FROM chats c JOIN chat_heads h ON h.chat_no = c.no";

    public Task<IReadOnlyList<UserId>> KnownAsync(IReadOnlyCollection<UserId> ids, CancellationToken cancellation) => database.ReadAsync(
        sql =>
        {
            var values = new DynamicParameters();
            return sql.ListAsync<UserId>($"SELECT id FROM users WHERE id IN {IdList.In(values, "id", ids)}", values);
        },
        cancellation);

    public Task AddPeopleAsync(IReadOnlyCollection<ImportedPerson> people, DateTimeOffset now, CancellationToken cancellation) => database.WriteAsync(
        async sql =>
        {
            foreach (var person in people)
                await AddAsync(sql, person, now);
        },
        cancellation);

    public Task<bool> ClaimAsync(ImportedPerson person, CancellationToken cancellation) => database.WriteAsync(
        async sql =>
        {
            if (person.Email is not { } email)
                return false;
            var values = new { person.Id, person.Name, person.Bio, email, emailKey = NameForm.Of(email), on = true, off = false };
            if (await sql.ExecuteAsync(
                """
                UPDATE users SET name = @Name, bio = @Bio, email = @email, email_key = @emailKey, disabled = @off
                WHERE id = @Id AND email IS NULL AND password_hash IS NULL AND deleted_at IS NULL AND disabled = @on
                """,
                values) == 0)
            {
                return false;
            }

            var username = await sql.FindAsync<string>("SELECT username FROM users WHERE id = @Id", new { person.Id });
            await sql.ExecuteAsync("DELETE FROM user_words WHERE user_id = @Id", new { person.Id });
            await SqlUserStore.InsertWordsAsync(sql, person.Id, NameForm.Words(username, person.Name));
            return true;
        },
        cancellation);

    public Task<ChatHere?> FindChatAsync(ChatId id, CancellationToken cancellation) =>
        database.ReadAsync(sql => sql.FindAsync<ChatHere>(SelectChat + " WHERE c.id = @id", new { id }), cancellation);

    public Task<ChatHere?> FindDirectAsync(UserId one, UserId other, CancellationToken cancellation) => database.ReadAsync(
        sql => sql.FindAsync<ChatHere>(SelectChat + " WHERE c.direct_key = @key", new { key = SqlChatStore.DirectKey(one, other) }), cancellation);

    public Task<IReadOnlyList<MessageMark>> MarksAsync(long chatNo, IReadOnlyCollection<long> seqs, CancellationToken cancellation) => database.ReadAsync(
        async sql =>
        {
            var rows = await sql.ListAsync<MarkRow>(
                "SELECT key, sender_id, created_at FROM messages WHERE key " + sql.Dialect.In("keys"), sql.Dialect.Keys([.. seqs.Select(seq => MessageKey.Of(chatNo, seq))]));
            return (IReadOnlyList<MessageMark>)[.. rows.Select(row => new MessageMark(MessageKey.SeqOf(row.Key), row.SenderId, row.CreatedAt))];
        },
        cancellation);

    private static async Task AddAsync(SqlSession sql, ImportedPerson person, DateTimeOffset now)
    {
        if (await sql.FindAsync<string>("SELECT username FROM users WHERE id = @Id", new { person.Id }) is not null)
            return;
        var username = await FreeNameAsync(sql, person.Username);
        await sql.ExecuteAsync(
            """
            INSERT INTO users (id, username, username_key, email, email_key, name, bio, role, disabled, last_seen, last_seen_audience,
                settings, password_hash, totp_last_step, created_at)
            VALUES (@Id, @username, @usernameKey, @Email, @emailKey, @Name, @Bio, 'user', @disabled, NULL, 'everyone', '{}', NULL, 0, @createdAt)
            """,
            new
            {
                person.Id,
                username,
                usernameKey = NameForm.Of(username),
                person.Email,
                emailKey = person.Email is { } email ? NameForm.Of(email) : null,
                person.Name,
                person.Bio,

                // Whom no mail can reach nobody shall write to, or wait for.
                disabled = person.Email is null,
                createdAt = person.CreatedAt ?? now,
            });
        await SqlUserStore.InsertWordsAsync(sql, person.Id, NameForm.Words(username, person.Name));
        await SqlChatStore.InsertSavedAsync(sql, person.Id, person.CreatedAt ?? now);
    }

    private static async Task<string> FreeNameAsync(SqlSession sql, string wanted)
    {
        for (var number = 1; ; number++)
        {
            var name = number == 1 ? wanted : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{wanted[..Math.Min(wanted.Length, LongestStart)]}-{number}");
            if (await sql.FindAsync<string>("SELECT username FROM users WHERE username_key = @key", new { key = NameForm.Of(name) }) is null)
                return name;
        }
    }

    private sealed record MarkRow
    {
        public long Key { get; init; }

        public UserId SenderId { get; init; }

        public DateTimeOffset CreatedAt { get; init; }
    }
}
