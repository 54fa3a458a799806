using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Sdk;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.ServerTests.Files;
using Hypersend.ServerTests.Fixture;
using Microsoft.Extensions.DependencyInjection;
using Person = Hypersend.ServerTests.Fixture.Person;

namespace Hypersend.ServerTests.Faults.PowerLoss;

/// <summary>Looks at a server that was started on what the disk held, and says what is wrong with it.</summary>
internal sealed class Aftermath(App app, Ledger ledger, ChatId chat, int moment)
{
    private readonly List<string> _wrong = [];

    public async Task<IReadOnlyList<string>> LookAsync(Person reader, Person sender)
    {
        var integrity = await app.Services.GetRequiredService<SqlDatabase>().ReadAsync(sql => sql.ScalarAsync<string>("PRAGMA integrity_check"), CancellationToken.None);
        if (integrity != "ok")
            _wrong.Add("the database says of itself: " + integrity);
        await LookAtMessagesAsync(reader);
        await Books.CheckAsync("after the power loss", chat, reader, sender);
        await FileBooks.CheckAsync(app, "after the power loss");
        foreach (var file in ledger.Files.Where(file => file.Begun!.Asked <= moment))
            await LookAtAsync(file, sender);
        return _wrong;
    }

    private async Task LookAtMessagesAsync(Person reader)
    {
        var shown = (await Books.AllAsync(reader, chat)).Where(message => message.Files.Count == 0 && message.Type != MessageTypes.System).ToDictionary(message => message.Id);
        foreach (var message in ledger.Messages.Where(message => message.States[0].Deed.Asked <= moment))
        {
            var (mayBeMissing, contents) = message.After(moment);
            if (!shown.Remove(message.Id, out var seen))
            {
                if (!mayBeMissing)
                    _wrong.Add($"the message {message.States[0].Content} was acknowledged and is not there");
            }
            else if (!contents.Contains(seen.DeletedAt is null ? seen.Content : null))
            {
                _wrong.Add($"a message says {seen.Content ?? "nothing"} where it was acknowledged that it says {contents[0] ?? "nothing"}");
            }
        }

        // A file whose upload was cancelled, or that was not there in time, leaves a message without it.
        foreach (var stray in shown.Values.Where(message => message.Type == MessageTypes.Text))
            _wrong.Add($"the message {stray.Content} was not written yet");
    }

    private async Task LookAtAsync(TrackedFile file, Person sender)
    {
        UploadStatus status;
        try
        {
            status = await sender.Files.GetStatusAsync(file.Id);
        }
        catch (HypersendException refused) when (refused.Code == ErrorCodes.NotFound)
        {
            if (file.Begun!.Told <= moment)
                _wrong.Add($"the upload {file.Id} was acknowledged and is not there");
            return;
        }

        var there = status.Received.SelectMany(range => Enumerable.Range(range[0], range[1] - range[0] + 1)).ToHashSet();
        for (var index = 0; index < file.Chunks.Length; index++)
        {
            if (status.State == FileStates.Uploading && file.Chunks[index]?.Told <= moment && !there.Contains(index))
                _wrong.Add($"chunk {index} of {file.Id} was acknowledged and is not there");
        }

        if (file.Completed?.Told <= moment && status.State != FileStates.Ready)
            _wrong.Add($"{file.Id} was complete and is {status.State} now");

        // What is said to be here is what was sent: the rest is sent now, and the whole has to be the same.
        try
        {
            if (status.State == FileStates.Uploading)
            {
                foreach (var index in Enumerable.Range(0, file.Chunks.Length).Where(index => !there.Contains(index)))
                    await sender.Files.SendChunkAsync(file.Id, index, file.ChunkOf(index));
                await sender.Files.CompleteAsync(file.Id);
            }

            await using var opened = await sender.Files.OpenAsync(file.Id);
            using var bytes = new MemoryStream();
            await opened.Stream.CopyToAsync(bytes);
            if (!bytes.ToArray().AsSpan().SequenceEqual(file.Bytes))
                _wrong.Add($"the bytes of {file.Id} are not those that were acknowledged");
        }
        catch (HypersendException refused)
        {
            _wrong.Add($"{file.Id} was {status.State} and cannot be had: {refused.Message}");
        }
    }
}
