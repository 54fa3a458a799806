using Hypersend.Contracts.Ids;

namespace Hypersend.Cli.Files.Uploads;

/// <summary>A file that has arrived, of several of which not all have.</summary>
internal sealed record ArrivedNote
{
    public required Uri Server { get; init; }

    public required string Account { get; init; }

    public required ChatId Chat { get; init; }

    public required string Path { get; init; }

    public required FileIdentity Identity { get; init; }

    public required FileId FileId { get; init; }
}
