using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.FaultTests.Histories;

namespace Hypersend.FaultTests.Load;

/// <summary>Reads through the API what is there when all is over.</summary>
internal static class Look
{
    private const int PageLength = 200;

    public static SeenMessage At(Message message) => new(message.Id.ToString(), message.Seq, message.Rev, message.Type == MessageTypes.System ? null : message.Content);

    public static async Task<SeenChat> AtAsync(Member member, ChatId id)
    {
        var chat = (await member.PersistAsync(hangUp => member.Client.Chats.GetAsync(id, hangUp)))!;
        var all = new List<Message>();
        while (true)
        {
            var page = (await member.PersistAsync(hangUp => member.Client.Messages.ListAsync(id, new() { After = all.Count == 0 ? 0 : all[^1].Seq, Limit = PageLength }, hangUp)))!;
            all.AddRange(page.Items);
            if (!page.HasMoreAfter)
                return new SeenChat(id.ToString(), chat.LastSeq, chat.Rev, [.. all.Select(At)]);
        }
    }

    public static async Task<IReadOnlyList<SeenFile>> AtFilesAsync(Member member, IEnumerable<Operation> uploads)
    {
        var seen = new List<SeenFile>();
        foreach (var upload in uploads.Where(operation => operation is { Kind: OperationKind.Upload, Outcome: Outcome.Ok }))
        {
            using var bytes = new MemoryStream();
            await using var opened = (await member.PersistAsync(hangUp => member.Client.Files.OpenAsync(FileId.Parse(upload.Id!, null), cancellation: hangUp)))!;
            await opened.Stream.CopyToAsync(bytes);
            seen.Add(new SeenFile(upload.Id!, Uploader.RootOf(bytes.ToArray())));
        }

        return seen;
    }
}
