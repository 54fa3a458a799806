using System.Security.Cryptography;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.EngineSpecs.Engines;
using Hypersend.EngineSpecs.Messages;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Features.Messages;
using FileOptions = Hypersend.Server.Features.Files.FileOptions;

namespace Hypersend.EngineSpecs.Files;

/// <summary>A spec with files in it: their rows, without any bytes.</summary>
public abstract class FileSpec(Engine engine) : ConversationSpec(engine)
{
    private protected const int ChunkSize = 1024 * 1024;

    private protected static readonly TimeSpan Life = TimeSpan.FromHours(480);

    private protected static readonly UploadLimits Limits = new(0, null, 1L << 40, Life);

    private protected IUploadStore Uploads => new SqlUploadStore(Database);

    private protected IFileStore Files => new SqlFileStore(Database);

    private protected IRetentionStore Retentions => new SqlRetentionStore(Database);

    private protected ISweepStore Sweeps => new SqlSweepStore(
        Database, new FileOptions { MaxFileSize = 1L << 40, ChunkSize = ChunkSize, UploadLife = Life, FreeSpaceFloor = 0, AllowedTypes = [] });

    private protected static NewFile NewFileOf(Person owner, long? size, string retention = RetentionModes.Keep) => new()
    {
        Id = new FileId(Guid.CreateVersion7(Now)),
        Owner = owner.Id,
        Filename = "notes.txt",
        Kind = "document",
        Mime = "text/plain",
        Size = size,
        ChunkSize = ChunkSize,
        RetentionMode = retention,
    };

    private protected async Task<FileRow> BeginAsync(NewFile file, UploadLimits? limits = null, DateTimeOffset? at = null)
    {
        var begun = Answer(await Uploads.BeginAsync(file, limits ?? Limits, at ?? Now, Cancellation));
        await Uploads.OpenAsync(file.Id, Cancellation);
        return begun.File;
    }

    private protected static ChunkRow ChunkOf(int index, int length, byte fill = 1) => new()
    {
        Chunk = index,
        Length = length,
        Sha256 = SHA256.HashData([fill, (byte)index, (byte)(index >> 8), .. BitConverter.GetBytes(length)]),
        Crc32 = 7,
    };

    private protected async Task<FileRow> ReadyAsync(NewFile file, byte fill = 1, DateTimeOffset? at = null)
    {
        await BeginAsync(file, at: at);
        return await FinishAsync(file, fill, at);
    }

    /// <summary>All of its chunks, and the end of the upload.</summary>
    private protected async Task<FileRow> FinishAsync(NewFile file, byte fill = 1, DateTimeOffset? at = null)
    {
        var left = file.Size!.Value;
        for (var index = 0; left > 0; index++)
        {
            var length = (int)Math.Min(left, ChunkSize);
            Answer(await Uploads.AddChunkAsync(file.Id, ChunkOf(index, length, fill), null, Limits, at ?? Now, Cancellation));
            left -= length;
        }

        return Answer(await Uploads.CompleteAsync(file.Id, null, at ?? Now, Cancellation)).File;
    }

    private protected Task<MessageRow> SendFileAsync(Person sender, ChatId chat, params FileId[] files) =>
        SendAsync(sender, chat, "", message => message with { Files = files });

    private protected async Task<FileRow> FileAsync(FileId id) => (await Uploads.FindAsync(id, Cancellation))!.File;

    private protected static SweepTimes At(TimeSpan later) => SweepTimes.At(Now + later);

    /// <summary>Does one action for one file, as the sweeper would, if it finds it due.</summary>
    private protected async Task<FileRow?> SweepAsync(string action, FileId id, TimeSpan later)
    {
        var found = await Sweeps.FindAsync(action, At(later), 10_000, Cancellation);
        var done = await Sweeps.EndAsync(id, action, At(later), Cancellation);
        Assert.Equal(done is not null, found.Contains(id));
        return done?.File;
    }
}
