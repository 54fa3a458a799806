using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;

namespace Hypersend.Server.Features.Backups;

/// <summary>The rows of the database in a form that either engine reads.</summary>
internal interface IBackupTables
{
    string Engine { get; }

    /// <summary>Which step of the schema the database has; null when it has none of our tables. Refuses one that is newer than this program.</summary>
    Task<int?> SchemaAsync(CancellationToken cancellation);

    /// <summary>Hands out all rows as they stand at one moment, and says what belongs to them. <paramref name="take"/> may block, and must not await.</summary>
    Task<BackupMoment> ReadAsync(int schema, Action<TablePart> take, CancellationToken cancellation);

    /// <summary>The chunks of these files that are durable now, by the number of the file.</summary>
    Task<ILookup<long, ChunkRow>> ChunksAsync(IReadOnlyList<long> files, CancellationToken cancellation);
}

/// <summary>Some rows of one table: a line that names it and its columns, then a line a row.</summary>
internal sealed record TablePart(string Table, int Number, long Rows, ReadOnlyMemory<byte> Lines);

/// <summary>What belongs to the rows of one moment.</summary>
internal sealed record BackupMoment
{
    public string Epoch { get; init; } = "";

    public IReadOnlyList<StoredBlob> Blobs { get; init; } = [];

    /// <summary>The names of the pictures of people.</summary>
    public IReadOnlyList<string> Pictures { get; init; } = [];
}

/// <summary>A file of which something is kept.</summary>
internal sealed record StoredBlob
{
    public long No { get; init; }

    public FileId Id { get; init; }

    public int ChunkSize { get; init; }

    /// <summary>Durable bytes under its own id; 0 when its bytes lie elsewhere.</summary>
    public long Bytes { get; init; }

    public int Chunks { get; init; }

    /// <summary>The picture beside it.</summary>
    public string? Thumbnail { get; init; }

    /// <summary>The chunks it had, when it was still coming; null when all of them are meant.</summary>
    public IReadOnlySet<int>? Open { get; init; }
}

/// <summary>Takes rows into an empty database.</summary>
internal interface IRestoreTables
{
    string Engine { get; }

    Task<RestoreState> StateAsync(CancellationToken cancellation);

    /// <summary>How many lines servers have to this database; none where a server holds it alone.</summary>
    Task<long> ServersAsync(CancellationToken cancellation);

    /// <summary>Drops all tables of ours.</summary>
    Task ClearAsync(CancellationToken cancellation);

    /// <summary>Makes the tables of this step of the schema, and the word that they are not whole yet. Refuses a newer step than this program knows.</summary>
    Task BeginAsync(int schema, string word, CancellationToken cancellation);

    /// <summary>Takes one part, in one transaction; gives its table and how many rows it had.</summary>
    Task<(string Table, long Rows)> LoadAsync(ReadOnlyMemory<byte> lines, bool keepPlaces, CancellationToken cancellation);

    /// <summary>All rows are here: the schema becomes this program's, which its stores of bytes count on.</summary>
    Task LoadedAsync(CancellationToken cancellation);

    /// <summary>The file and its chunks; null when no row knows it.</summary>
    Task<RestoredFile?> FindAsync(FileId file, CancellationToken cancellation);

    /// <summary>Where the store keeps the chunks of a file now.</summary>
    Task PlaceAsync(long file, IReadOnlyList<(int Chunk, string Name)> names, CancellationToken cancellation);

    /// <summary>Files that must have a place though they have no bytes yet.</summary>
    Task<IReadOnlyList<FileId>> EmptyAsync(CancellationToken cancellation);

    /// <summary>What was left out is made good, and the database is whole, in a new epoch.</summary>
    Task FinishAsync(string epoch, bool signOut, CancellationToken cancellation);
}

internal sealed record RestoredFile(long No, int ChunkSize, IReadOnlyList<ChunkRow> Chunks);

internal enum RestoreState
{
    Empty,

    /// <summary>A restore was interrupted.</summary>
    Half,

    /// <summary>There is somebody in it.</summary>
    Used,
}
