using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Realtime;
using Hypersend.Contracts.Validation;

namespace Hypersend.Contracts.Transfers;

/// <summary>What becomes of a transfer.</summary>
public static class TransferStates
{
    public const string Offered = "offered";
    public const string Accepted = "accepted";
    public const string Rejected = "rejected";
    public const string Cancelled = "cancelled";
    public const string Done = "done";
    public const string Expired = "expired";
}

public sealed record OfferTransferRequest
{
    [Needed]
    public UserId? ReceiverId { get; init; }

    [Needed]
    [Text(1, 1024)]
    public string? Filename { get; init; }

    /// <summary>In bytes.</summary>
    [Needed]
    [Range(0, long.MaxValue, ErrorMessage = "must be 0 or more bytes")]
    public long? Size { get; init; }

    [Text(1, 255)]
    public string? Mime { get; init; }

    /// <summary>A power of two of 1 to 64 MiB, with at most 9,000 chunks; absent, the server's choice.</summary>
    public long? ChunkSize { get; init; }
}

/// <summary>The ways on which the bytes of a transfer go.</summary>
public static class TransferRoutes
{
    public const string Direct = "direct";
    public const string Relay = "relay";
    public const string Stored = "stored";
}

/// <summary>Makes a transfer that is open a stored upload on the same grid.</summary>
public sealed record StoreTransferRequest
{
    /// <summary>Of a file that the sender has here already: then nothing needs to be sent.</summary>
    [RegularExpression("^[0-9a-fA-F]{64}$", ErrorMessage = "must be 64 hexadecimal digits")]
    public string? Sha256Root { get; init; }

    /// <summary>Absent, it goes when the receiver has it.</summary>
    public Retention? Retention { get; init; }
}

/// <summary>The receiver has every chunk and checked each, on whichever way they came.</summary>
public sealed record FinishTransferRequest
{
    /// <summary>Of what is there; compared with the stored file, where there is one.</summary>
    [RegularExpression("^[0-9a-fA-F]{64}$", ErrorMessage = "must be 64 hexadecimal digits")]
    public string? Sha256Root { get; init; }
}

/// <summary>How far the receiver is, on a way that the server does not see.</summary>
public sealed record ReportTransferRequest
{
    /// <summary>Bytes of verified chunks.</summary>
    [Needed]
    [Range(0, long.MaxValue, ErrorMessage = "must be 0 or more bytes")]
    public long? Received { get; init; }

    [OneOf(TransferRoutes.Direct, TransferRoutes.Relay, TransferRoutes.Stored)]
    public string? Route { get; init; }
}

/// <summary>A file on its way from one person to another; the server keeps this of it and no byte.</summary>
public sealed record Transfer
{
    public required TransferId Id { get; init; }

    public required Person Sender { get; init; }

    public required Person Receiver { get; init; }

    public required string Filename { get; init; }

    public required long Size { get; init; }

    public required string Mime { get; init; }

    public required int ChunkSize { get; init; }

    public required int TotalChunks { get; init; }

    [OneOf(TransferStates.Offered, TransferStates.Accepted, TransferStates.Rejected, TransferStates.Cancelled, TransferStates.Done, TransferStates.Expired)]
    public required string State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required DateTimeOffset? EndedAt { get; init; }

    /// <summary>The stored file that it became, as long as that is there; null of one that nothing was stored of.</summary>
    public required FileId? FileId { get; init; }

    /// <summary>Where its sender connects to the relay.</summary>
    public required string SenderWsUrl { get; init; }

    /// <summary>Where its receiver connects to the relay.</summary>
    public required string ReceiverWsUrl { get; init; }
}

/// <summary>The answer to an offer.</summary>
public sealed record OfferedTransfer
{
    public required TransferId TransferId { get; init; }

    public required string SenderWsUrl { get; init; }

    public required string ReceiverWsUrl { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required Transfer Transfer { get; init; }
}

/// <summary>transfer.offer, transfer.accepted, transfer.rejected, transfer.stored, transfer.done, transfer.failed: to all devices of both.</summary>
public sealed record TransferEvent
{
    public required string Type { get; init; }

    public required TransferId TransferId { get; init; }

    public required Transfer Transfer { get; init; }
}

/// <summary>How much of it the receiver has, at most once a second; to all devices of both.</summary>
public sealed record TransferProgressEvent
{
    public string Type { get; init; } = EventTypes.TransferProgress;

    public required TransferId TransferId { get; init; }

    public required long Received { get; init; }

    public required long Size { get; init; }

    /// <summary>One of <see cref="TransferRoutes"/>, where that is known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Route { get; init; }
}

/// <summary>What the other party's client says to mine; the server does not look into it.</summary>
public sealed record SignalEvent
{
    public string Type { get; init; } = EventTypes.Signal;

    public required UserId From { get; init; }

    public required TransferId TransferId { get; init; }

    public required JsonElement Data { get; init; }
}

/// <summary>Servers that help two clients to find each other, as RTCPeerConnection takes them.</summary>
public sealed record IceServers
{
    [JsonPropertyName("ice_servers")]
    public required IReadOnlyList<IceServer> Servers { get; init; }

    /// <summary>How long the credentials are good, in seconds.</summary>
    public required int ExpiresIn { get; init; }
}

public sealed record IceServer
{
    public required IReadOnlyList<string> Urls { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Username { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Credential { get; init; }
}
