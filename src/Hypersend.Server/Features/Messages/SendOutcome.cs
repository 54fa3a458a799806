using Hypersend.Contracts.Messages;

namespace Hypersend.Server.Features.Messages;

/// <summary>
/// What became of a send: a message, as the JSON that the event carries too, or one that waits for its time.
/// </summary>
internal sealed record SendOutcome(ReadOnlyMemory<byte> Message, bool Repeated, ScheduledMessage? Scheduled = null);
