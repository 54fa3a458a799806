using Hypersend.Cli.Files;
using Hypersend.Cli.Start;
using Hypersend.Contracts.Ids;

namespace Hypersend.Cli.Transfers;

/// <summary>A file that was offered and has not arrived: offered again, it is the same transfer that goes on.</summary>
internal sealed record OfferNote
{
    public required Uri Server { get; init; }

    public required TransferId Transfer { get; init; }

    public required string To { get; init; }

    public required string Path { get; init; }

    public required FileIdentity Identity { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public static Notes<OfferNote> Of(Workplace place) => new(System.IO.Path.Combine(place.Profiles.Folder, "offers"), FileNotesJson.Default.OfferNote);
}
