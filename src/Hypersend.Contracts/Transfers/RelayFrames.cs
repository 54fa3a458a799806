using System.Buffers.Binary;

namespace Hypersend.Contracts.Transfers;

/// <summary>The words in <c>type</c> of the relay's text frames, and its close codes.</summary>
public static class RelayWords
{
    public const string Metadata = "metadata";
    public const string Start = "start";
    public const string Need = "need";
    public const string Got = "got";
    public const string Chunk = "chunk";
    public const string Complete = "complete";
    public const string Cancel = "cancel";
    public const string PeerLeft = "peer_left";
    public const string Done = "done";
    public const string Error = "error";

    public const int NotAuthenticated = 4001;
    public const int NotAParty = 4003;
    public const int Unknown = 4004;

    /// <summary>Another connection of the same side took its place.</summary>
    public const int Replaced = 4008;

    /// <summary>A frame against the rules.</summary>
    public const int WrongFrame = 4009;
}

/// <summary>The head of a binary frame: which chunk, and where in it the bytes belong.</summary>
public readonly record struct RelayHead(long Chunk, long Offset)
{
    public const int Length = 12;

    /// <summary>Offsets are counted in steps of this, and a frame holds no more.</summary>
    public const int Step = 64 * 1024;

    /// <summary>What a sealed frame has besides: a nonce of 12 bytes before the bytes and a tag of 16 behind them.</summary>
    public const int SealLength = 28;

    public static RelayHead Read(ReadOnlySpan<byte> frame) =>
        new(BinaryPrimitives.ReadInt64BigEndian(frame), (long)BinaryPrimitives.ReadUInt32BigEndian(frame[sizeof(long)..]) * Step);

    public void Write(Span<byte> frame)
    {
        BinaryPrimitives.WriteInt64BigEndian(frame, Chunk);
        BinaryPrimitives.WriteUInt32BigEndian(frame[sizeof(long)..], (uint)(Offset / Step));
    }
}
