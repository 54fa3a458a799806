using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Features.Files.Packing;

/// <summary>The second forms of files: which are wanted, and where those lie that are there.</summary>
internal interface IPackStore
{
    /// <summary>Files that wait for theirs, behind this one, in their order.</summary>
    Task<IReadOnlyList<FileRow>> WaitingAsync(long afterNo, CancellationToken cancellation);

    /// <summary>It is durable: from now on it is sent. False when the file has ended, or another server was quicker.</summary>
    Task<bool> AddAsync(FileId file, PackedForm form, CancellationToken cancellation);

    /// <summary>It would not pay.</summary>
    Task GiveUpAsync(FileId file, CancellationToken cancellation);

    /// <summary>Null when there is none.</summary>
    Task<PackedForm?> FindAsync(FileRow file, CancellationToken cancellation);

    /// <summary>Its bytes are not where they should be: it is made once more.</summary>
    Task ForgetAsync(FileId file, CancellationToken cancellation);
}

/// <summary>A file packed with gzip: under which id it lies, how long it is, and the names of its parts where the store needs them.</summary>
internal sealed record PackedForm(FileId Id, long Size, IReadOnlyList<string> Names)
{
    /// <summary>All parts but the last are so long.</summary>
    public const int PartLength = 4 << 20;

    public BlobPlace PlaceOf(long at)
    {
        var index = (int)(at / PartLength);
        var offset = (long)index * PartLength;
        return new BlobPlace(index, offset, (int)Math.Min(PartLength, Size - offset), Names.Count > 0 ? Names[index] : null);
    }
}
