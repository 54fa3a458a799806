using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Realtime;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>
/// A file locked together with the chats that show it: the heads of the chats first, in their order, as everybody takes
/// them who writes in a chat.
/// </summary>
internal sealed class CarriedFile
{
    private readonly List<LockedChat> _chats = [];

    private CarriedFile(FileRow row) => Row = row;

    public FileRow Row { get; private set; }

    public static async Task<CarriedFile?> TakeAsync(SqlSession sql, FileId id)
    {
        if (await sql.FindAsync<long?>("SELECT no FROM files WHERE id = @id", new { id }) is not { } no)
            return null;
        var held = new Dictionary<long, LockedChat?>();
        await LockChatsAsync(sql, no, held);
        if (await SqlFiles.LockAsync(sql, id) is not { } row)
            return null;

        // Somebody may have sent it into one more chat before the row was ours.
        await LockChatsAsync(sql, no, held);
        var file = new CarriedFile(row);
        file._chats.AddRange(held.Values.OfType<LockedChat>());
        return file;
    }

    /// <summary>Writes the new card into every message that shows the file; the answer is what their readers have to hear.</summary>
    public async Task<IReadOnlyList<ChatChange>> ShowAsync(SqlSession sql, DateTimeOffset now)
    {
        Row = (await SqlFiles.FindAsync(sql, Row.No))!;
        var changes = new List<ChatChange>();
        foreach (var chat in _chats)
        {
            var keys = await sql.ListAsync<long>(
                "SELECT DISTINCT message_key FROM message_files WHERE file_no = @No AND message_key BETWEEN @from AND @to ORDER BY message_key",
                new { Row.No, from = MessageKey.Of(chat.No, 0), to = MessageKey.LastOf(chat.No) });
            var steps = new List<MessageStep>();
            foreach (var key in keys)
            {
                var files = await SqlFiles.OfMessageAsync(sql, key);

                // What the first bytes said the file is, the message is as well.
                await sql.ExecuteAsync(
                    "UPDATE messages SET type = @Kind, files = @cards, rev_key = @revKey WHERE key = @key",
                    new { files[0].Kind, cards = SqlFiles.ToColumn(files), revKey = chat.NextRevKey(), key });
                steps.Add(new MessageStep(chat.Rev, EventTypes.MessageUpdated, (await SqlMessages.FindAsync(sql, key))!));
            }

            if (steps.Count == 0)
                continue;
            await chat.SaveAsync(sql, now);
            var change = chat.ToChange();
            change.Steps.AddRange(steps);
            changes.Add(change);
        }

        return changes;
    }

    private static async Task LockChatsAsync(SqlSession sql, long fileNo, Dictionary<long, LockedChat?> held)
    {
        foreach (var no in await sql.ListAsync<long>("SELECT DISTINCT message_key >> 32 AS no FROM message_files WHERE file_no = @fileNo ORDER BY 1", new { fileNo }))
        {
            if (!held.ContainsKey(no))
                held[no] = await LockedChat.TakeAsync(sql, no, default);
        }
    }
}
