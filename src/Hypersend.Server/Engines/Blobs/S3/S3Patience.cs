namespace Hypersend.Server.Engines.Blobs.S3;

/// <summary>How long a server that does not move is waited for.</summary>
internal sealed record S3Patience
{
    public static S3Patience Usual { get; } = new();

    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Without a byte taken, a byte given or an answer. A client that is slow does not count: only we wait for the server.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(15);
}
