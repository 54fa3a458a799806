using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Messages;

namespace Hypersend.Sdk.Realtime;

/// <summary>A message on its way. Its client id is fixed from the start, so that it is stored once however often it is sent.</summary>
public sealed record OutgoingMessage
{
    /// <summary>What is sent, with its client id.</summary>
    public required SendMessageRequest Request { get; init; }

    /// <summary>How far it is.</summary>
    public SendState State { get; init; } = SendState.Sending;

    /// <summary>Why the server did not take it, when it failed.</summary>
    public ApiProblem? Refusal { get; init; }

    /// <summary>The stored message, when it was sent.</summary>
    public Message? Message { get; init; }

    /// <summary>What waits for its time, when it was to be sent later.</summary>
    public ScheduledMessage? Scheduled { get; init; }

    /// <summary>Its name until it has an id, and what keeps it from being stored twice.</summary>
    public string ClientId => Request.ClientId!;
}

/// <summary>How far a message on its way is.</summary>
public enum SendState
{
    /// <summary>Waiting for the server, for a connection, or for one before it.</summary>
    Sending,

    /// <summary>On the server's disk.</summary>
    Sent,

    /// <summary>Refused. Those after it in the same chat wait until it is retried or discarded.</summary>
    Failed,
}
