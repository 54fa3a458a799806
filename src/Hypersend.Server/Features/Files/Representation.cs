namespace Hypersend.Server.Features.Files;

/// <summary>What an address stands for at the moment, as far as ranges and conditions go.</summary>
internal sealed record Representation
{
    /// <summary>A strong one, with its quotes.</summary>
    public required string ETag { get; init; }

    /// <summary>A tag of former days whose bytes are these as far as they went: a range that was begun under it goes on.</summary>
    public string? EarlierTag { get; init; }

    /// <summary>Null where a date would not tell one from another.</summary>
    public required DateTimeOffset? Modified { get; init; }

    public required string ContentType { get; init; }

    /// <summary>Set when it is the packed form of the file.</summary>
    public Packing.PackedForm? Packed { get; init; }

    /// <summary>Null while it is not known.</summary>
    public required long? Size { get; init; }
}
