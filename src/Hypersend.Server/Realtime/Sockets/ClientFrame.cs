using Hypersend.Contracts.Realtime;

namespace Hypersend.Server.Realtime.Sockets;

/// <summary>One object that a client sent: what it is, and where it and its id are in the bytes of the message.</summary>
internal readonly record struct ClientFrame(ClientFrameType Type, int Start, int Length, int IdStart, int IdLength)
{
    /// <summary>Every word that may stand in <c>type</c>.</summary>
    public static readonly IReadOnlyList<(string Name, ClientFrameType Type)> Types =
    [
        (FrameTypes.MessageSend, ClientFrameType.MessageSend),
        ("message", ClientFrameType.MessageSend),
        ("chat_message", ClientFrameType.MessageSend),
        (FrameTypes.Read, ClientFrameType.Read),
        (FrameTypes.Delivered, ClientFrameType.Delivered),
        (FrameTypes.Typing, ClientFrameType.Typing),
        (FrameTypes.PresenceWatch, ClientFrameType.PresenceWatch),
        (FrameTypes.PresenceSet, ClientFrameType.PresenceSet),
        (FrameTypes.Signal, ClientFrameType.Signal),
        (FrameTypes.Ping, ClientFrameType.Ping),
        (FrameTypes.Hello, ClientFrameType.Hello),
        (FrameTypes.React, ClientFrameType.React),
        (FrameTypes.MessageEdit, ClientFrameType.MessageEdit),
        (FrameTypes.MessageDelete, ClientFrameType.MessageDelete),
        (FrameTypes.Auth, ClientFrameType.Auth),
    ];

    public ReadOnlySpan<byte> JsonIn(ReadOnlySpan<byte> message) => message.Slice(Start, Length);

    /// <summary>The id as it was written, quotes included; empty when there is none.</summary>
    public ReadOnlySpan<byte> IdIn(ReadOnlySpan<byte> message) => message.Slice(IdStart, IdLength);
}

/// <summary>What a client asks for.</summary>
internal enum ClientFrameType
{
    /// <summary>No object with a <c>type</c> that is a string, or an id that is none.</summary>
    Malformed,

    /// <summary>A type nobody knows.</summary>
    Unknown,
    Auth,
    Hello,
    MessageSend,
    MessageEdit,
    MessageDelete,
    React,
    Read,
    Delivered,
    Typing,
    PresenceWatch,
    PresenceSet,
    Signal,
    Ping,
}
