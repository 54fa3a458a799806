using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Validation;

namespace Hypersend.Contracts.Files;

/// <summary>Whether somebody has a file, for its owner.</summary>
public sealed record Delivery
{
    public required Person User { get; init; }

    /// <summary>Every byte was sent to them, or they said that they have it.</summary>
    public required bool Delivered { get; init; }

    /// <summary>They said that they have it and checked it.</summary>
    public required bool Verified { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset? At { get; init; }
}

public static class SweepActions
{
    /// <summary>The upload was not finished in its time.</summary>
    public const string ExpireUpload = "expire_upload";

    /// <summary>The time for which the file was to be kept is over.</summary>
    public const string ExpireFile = "expire_file";

    /// <summary>Everybody for whom it was kept has it.</summary>
    public const string EndDelivered = "end_delivered";

    /// <summary>It was fetched as often as it may be, and to the last byte.</summary>
    public const string EndFetched = "end_fetched";

    /// <summary>Nobody is left for whom it waits: from now on it has an end.</summary>
    public const string SetExpiry = "set_expiry";

    /// <summary>Parts of it that lost lie beside those that count.</summary>
    public const string DropLeftovers = "drop_leftovers";

    /// <summary>Its place was never finished.</summary>
    public const string DropHalfMade = "drop_half_made";

    /// <summary>The last message with it was deleted a day ago.</summary>
    public const string RemoveUnused = "remove_unused";

    /// <summary>Its owner's account is no more.</summary>
    public const string RemoveOfDeleted = "remove_of_deleted";

    /// <summary>The upload has been quiet for an hour; what it reserved is for others.</summary>
    public const string GiveBackSpace = "give_back_space";

    /// <summary>The file has ended; now its bytes go.</summary>
    public const string DropBytes = "drop_bytes";

    /// <summary>Bytes that no file knows.</summary>
    public const string DropOrphan = "drop_orphan";
}

/// <summary>What the sweeper is going to do, or would do.</summary>
public sealed record SweepDecision
{
    /// <summary>The file, or the name under which its bytes lie.</summary>
    public required FileId Id { get; init; }

    [OneOf(
        SweepActions.ExpireUpload, SweepActions.ExpireFile, SweepActions.EndDelivered, SweepActions.EndFetched, SweepActions.SetExpiry,
        SweepActions.DropHalfMade, SweepActions.RemoveUnused, SweepActions.RemoveOfDeleted, SweepActions.GiveBackSpace,
        SweepActions.DropBytes, SweepActions.DropOrphan)]
    public required string Action { get; init; }
}
