using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.FaultTests.Histories;

namespace Hypersend.FaultTests.Load;

/// <summary>
/// Says something, and now and then changes it; each until it is acknowledged, but some are asked for only once and left at that, as
/// by a client that is closed.
/// </summary>
internal sealed class HttpWriter(Member member, HistoryRecorder history, IReadOnlyList<ChatId> chats) : IWorker
{
    private const int LeftEvery = 10;
    private const int EditedEvery = 4;

    private long _acknowledgedFrom;
    private int _number;

    public long AcknowledgedFrom => Volatile.Read(ref _acknowledgedFrom);

    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            if (await SayAsync() is { } message && _number % EditedEvery == 0)
                await EditAsync(message);
        }
    }

    /// <summary>Says so many things, one after the other.</summary>
    public async Task SayAsync(int times)
    {
        for (var i = 0; i < times; i++)
            await SayAsync();
    }

    private async Task<Message?> SayAsync()
    {
        var chat = chats[++_number % chats.Count];
        var text = $"{member.Name}-{_number:d6} in its first words";
        var (operation, from, asked) = (history.Invoke(OperationKind.Send, member.Name, chat.ToString(), text), history.Now, 0);
        var request = new SendMessageRequest { ChatId = chat, Content = text, ClientId = text };
        var sent = await member.PersistAsync(hangUp => member.Client.Messages.SendAsync(request, hangUp), () => asked++ == 1 && _number % LeftEvery == 0);
        if (sent?.Message is not { } message)
        {
            history.GiveUp(operation);
            return null;
        }

        history.Ok(operation, message.Id.ToString(), message.Seq);
        Volatile.Write(ref _acknowledgedFrom, from);
        return message;
    }

    private async Task EditAsync(Message message)
    {
        var text = $"{Operation.KeyOf(message.Content!)} in other words";
        var operation = history.Invoke(OperationKind.Edit, member.Name, message.ChatId.ToString(), text, message.Id.ToString());
        if (await member.PersistAsync(hangUp => member.Client.Messages.EditAsync(message.Id, text, hangUp)) is null)
            history.Fail(operation);
        else
            history.Ok(operation, message.Id.ToString());
    }
}
