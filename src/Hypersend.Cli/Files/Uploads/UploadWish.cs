using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Sdk.Files;

namespace Hypersend.Cli.Files.Uploads;

/// <summary>Where files are to go, and how.</summary>
internal sealed record UploadWish
{
    public required ChatId Chat { get; init; }

    /// <summary>The chat, as it was named on the command line.</summary>
    public required string To { get; init; }

    public string? Caption { get; init; }

    public Retention? Retention { get; init; }

    public int? Lanes { get; init; }

    public int? ChunkSize { get; init; }

    public TransferOptions Options => new() { Lanes = Lanes };

    public InitUploadRequest RequestFor(string name, string? folderPath, string? clientId) => new()
    {
        Filename = name,
        Path = folderPath,
        ChatId = Chat,
        Caption = Caption,
        Retention = Retention,
        ChunkSize = ChunkSize,
        ClientId = clientId,
    };
}
