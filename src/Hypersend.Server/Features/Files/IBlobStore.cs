using System.Buffers;
using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Features.Files;

/// <summary>Where the bytes of files are kept. It knows nothing of names, people or rights; the rows say what counts.</summary>
internal interface IBlobStore
{
    /// <summary>Makes the place for a file's bytes; durable when the task completes.</summary>
    Task CreateAsync(FileId file, CancellationToken cancellation);

    /// <summary>Begins to write one part. Nothing of it counts before <see cref="IBlobWrite.FinishAsync"/> has completed.</summary>
    ValueTask<IBlobWrite> WriteAsync(FileId file, BlobPlace place, CancellationToken cancellation);

    /// <summary>
    /// Frees what an attempt left at this place, after its write was disposed. Only for a place that no row names, and by
    /// whoever has the right to write there.
    /// </summary>
    Task GiveBackAsync(FileId file, BlobPlace place, CancellationToken cancellation);

    /// <summary>
    /// Opens a file for reading at any place, also while it is being written. Throws <see cref="FileNotFoundException"/> when
    /// there is nothing, here or at the first read: some engines learn it only then.
    /// </summary>
    ValueTask<IBlobReader> OpenAsync(FileId file, CancellationToken cancellation);

    /// <summary>Removes all that is kept of a file; nothing happens when there is nothing.</summary>
    Task DeleteAsync(FileId file, CancellationToken cancellation);

    /// <summary>Keeps something small beside the file (a thumbnail), whole or not at all; durable when the task completes.</summary>
    Task KeepAsideAsync(FileId file, string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    /// <summary>Null when there is nothing of that name.</summary>
    Task<Stream?> OpenAsideAsync(FileId file, string name, CancellationToken cancellation);

    /// <summary>Removes what is kept beside the file under this name; nothing happens when there is nothing.</summary>
    Task DeleteAsideAsync(FileId file, string name, CancellationToken cancellation);

    /// <summary>Every file of which anything is kept, in no particular order: for the search for what nobody knows.</summary>
    IAsyncEnumerable<FileId> ListAsync(CancellationToken cancellation);

    /// <summary>How much more fits; null when the store does not know a limit.</summary>
    long? FreeBytes { get; }

    /// <summary>The path of what is stored of a file, for a web server that sends it in our place; null when there is no such path.</summary>
    string? PathOf(FileId file);
}

/// <summary>
/// Where a part lies in its file. <paramref name="Name"/> is what <see cref="IBlobWrite.FinishAsync"/> returned for it, and
/// null for a store that needs no names.
/// </summary>
internal readonly record struct BlobPlace(int Index, long Offset, int Length, string? Name = null);

/// <summary>A part on its way to the disk. Disposed before it is finished, it was never there.</summary>
internal interface IBlobWrite : IAsyncDisposable
{
    /// <summary>Takes the next bytes; they are not needed any more when the task completes. Throws <see cref="Platform.Problems.StorageFullException"/> when there is no room.</summary>
    ValueTask WriteAsync(ReadOnlySequence<byte> bytes, CancellationToken cancellation);

    /// <summary>
    /// Durable when the task completes. A part may end up shorter than its place; its row says how long it is. The answer is
    /// the name under which it is found, kept in its row.
    /// </summary>
    ValueTask<string?> FinishAsync(CancellationToken cancellation);
}

/// <summary>Reads the parts of one file; one caller at a time.</summary>
internal interface IBlobReader : IAsyncDisposable
{
    /// <summary>
    /// Fills the buffer from this place on, as far as the part goes; at least one byte unless the buffer is empty. With an empty
    /// one it reaches for the bytes and takes none: it throws when they cannot be had.
    /// </summary>
    ValueTask<int> ReadAsync(BlobPlace part, long offsetInPart, Memory<byte> buffer, CancellationToken cancellation);
}

/// <summary>A store whose parts have names can hold parts that lost: attempts that were given up or overtaken.</summary>
internal interface IBlobLeftovers
{
    /// <summary>Removes the parts of a file that have none of these names. Only for a file nobody writes any more.</summary>
    Task DropOthersAsync(FileId file, IReadOnlySet<string> names, CancellationToken cancellation);

    /// <summary>Takes out one part that no row names any more. Nobody waits for it.</summary>
    void Forget(FileId file, string name);
}
