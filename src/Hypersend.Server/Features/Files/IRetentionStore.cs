using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Files;

/// <summary>Who may fetch a file as far as its retention goes, and who has it.</summary>
internal interface IRetentionStore
{
    /// <summary>
    /// Lets this taker fetch the file, or says why not. Of a file that goes after some downloads, the first time counts as
    /// one of them, durable when the task completes; after that they come and go freely.
    /// </summary>
    Task<Failure?> TakeAsync(FileId id, Taker taker, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>These bytes, both ends included, were sent to the taker; true when with them all of them were.</summary>
    Task<bool> ServedAsync(FileId id, Taker taker, long from, long to, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>
    /// These bytes, both ends included, were on their way to the taker when the line broke. Where they go on tells how many
    /// arrived; true when with those, all of them did.
    /// </summary>
    Task<bool> HandedAsync(FileId id, Taker taker, long from, long to, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>The person has checked it and keeps it. Said twice, or after the file went, it is the same.</summary>
    Task<Failure?> ReceivedAsync(FileId id, UserId person, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Who has it and who could, by their ids; for its owner alone.</summary>
    Task<Result<IReadOnlyList<DeliveryRow>>> DeliveriesAsync(UserId asking, FileId id, UserId after, int limit, CancellationToken cancellation);
}

/// <summary>Who fetches: a person, or a visitor of a link.</summary>
internal readonly record struct Taker(string Key, UserId? Person)
{
    private const string PersonPrefix = "u:";

    public static Taker Of(UserId person) => new(PersonPrefix + person, person);

    public static Taker Of(LinkId link, string visitor) => new($"l:{link}:{visitor}", Person: null);

    /// <summary>It is noted what they get. Nobody waits for the owner, and a visitor is only known where downloads count.</summary>
    public bool CountsFor(FileRow file) => file.RetentionMode == RetentionModes.Downloads || (Person is { } person && person != file.OwnerId);

    public static Taker Read(string key) =>
        key.StartsWith(PersonPrefix, StringComparison.Ordinal) ? Of(UserId.Parse(key[PersonPrefix.Length..], null)) : new Taker(key, Person: null);
}

internal sealed record DeliveryRow
{
    public UserId Id { get; init; }

    public string Username { get; init; } = "";

    public string Name { get; init; } = "";

    public string? AvatarHash { get; init; }

    public DateTimeOffset? DeliveredAt { get; init; }

    public DateTimeOffset? VerifiedAt { get; init; }
}
