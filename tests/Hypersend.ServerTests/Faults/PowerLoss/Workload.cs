using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.ServerTests.Files;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Faults.PowerLoss;

/// <summary>Several people at work on a server whose disk is written down: they write, edit and delete, and send files.</summary>
internal sealed class Workload(App app, DiskLog log, Ledger ledger, ChatId chat)
{
    private const int Chunk = FileCalls.Chunk;
    private const int Checkpoints = 3;
    private const int Messages = 60;
    private const int Files = 8;
    private const int MostFiles = 48;
    private const int LeftOpen = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly int _begin = log.Now;

    /// <summary>Goes on until there is enough to lose, and SQLite has moved its log into its file a few times.</summary>
    public async Task RunAsync(IReadOnlyList<Person> writers, Person sender, Dice dice)
    {
        using var over = new CancellationTokenSource(Patience);
        List<Task> work = [.. writers.Select((writer, number) => WriteAsync(writer, number, dice.Split(), over.Token)), SendAsync(sender, dice.Split(), over.Token)];
        await Task.WhenAll(work);
    }

    private bool IsEnough => ledger.Messages.Count >= Messages && ledger.Files.Count >= Files
        && log.Count(step => step is Flushed { File: "hypersend.db" } flushed && flushed.Began >= _begin) >= Checkpoints;

    private async Task WriteAsync(Person writer, int number, Dice dice, CancellationToken cancellation)
    {
        for (var i = 0; !IsEnough; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var message = new TrackedMessage();
            var text = $"{number}-{i}";
            message.Id = (await ledger.DoAsync(() => writer.SendAsync(chat, text), deed => message.States.Add((deed, text)))).Id;
            ledger.Add(message);
            if (dice.OneIn(3))
                await ledger.DoAsync(() => writer.Messages.EditAsync(message.Id, text + " edited", cancellation), deed => message.States.Add((deed, text + " edited")));
            if (dice.OneIn(5))
                await ledger.DoAsync(() => DeletedAsync(writer, message.Id), deed => message.States.Add((deed, null)));
        }
    }

    private static async Task<bool> DeletedAsync(Person writer, MessageId id)
    {
        await writer.Messages.DeleteAsync(id);
        return true;
    }

    private async Task SendAsync(Person sender, Dice dice, CancellationToken cancellation)
    {
        for (int i = 0, open = 0; i < MostFiles && !IsEnough; i++)
        {
            cancellation.ThrowIfCancellationRequested();

            // Every other one gets smaller when it is packed, so that its bytes move once more.
            var bytes = FileCalls.Bytes((dice.Below(3) * Chunk) + 1 + dice.Below(Chunk));
            if (i % 2 == 1)
                bytes.AsSpan(bytes.Length / 8).Clear();
            var file = new TrackedFile(bytes, Chunk);
            var begun = await ledger.DoAsync(
                () => sender.Files.InitAsync(new InitUploadRequest { Filename = $"{i}.bin", Size = bytes.Length, ChunkSize = Chunk, ChatId = chat }, cancellation),
                deed => file.Begun = deed);
            file.Id = begun.FileId;
            ledger.Add(file);
            await Task.WhenAll(Enumerable.Range(0, file.Chunks.Length).Select(index => ledger.DoAsync(
                () => sender.Files.SendChunkAsync(file.Id, index, file.ChunkOf(index)), deed => file.Chunks[index] = deed)));
            if (open < LeftOpen && dice.OneIn(4))
            {
                open++;
                continue;
            }

            await ledger.DoAsync(() => sender.Files.CompleteAsync(file.Id, cancellation: cancellation), deed => file.Completed = deed);
            if (i % 2 == 1)
                await app.PackAsync();
        }
    }
}
