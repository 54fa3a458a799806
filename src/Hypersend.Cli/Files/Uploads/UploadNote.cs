using Hypersend.Contracts.Ids;

namespace Hypersend.Cli.Files.Uploads;

/// <summary>An upload that was begun, and what it needs to go on.</summary>
internal sealed record UploadNote
{
    public required Uri Server { get; init; }

    public required string Account { get; init; }

    public required ChatId Chat { get; init; }

    /// <summary>The chat, as it was named on the command line.</summary>
    public required string To { get; init; }

    public required string Path { get; init; }

    public required FileIdentity Identity { get; init; }

    /// <summary>By this the server knows the upload again, also when its first answer was lost.</summary>
    public required string ClientId { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Null before the server has answered.</summary>
    public FileId? UploadId { get; init; }
}
