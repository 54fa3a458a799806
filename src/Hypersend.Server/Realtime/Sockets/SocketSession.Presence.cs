using Hypersend.Contracts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Realtime;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Realtime.Sockets;

/// <content>Whom the client watches, and how its person says they are.</content>
internal sealed partial class SocketSession
{
    private void WatchPresence(ClientFrame frame, ReadOnlySpan<byte> message)
    {
        var id = frame.IdIn(message);
        if (!SocketCommands.TryRead(frame.JsonIn(message), FrameJson.Default.WatchBody, out var body, out var failure))
        {
            _socket.Tell(Answers.Refuse(id, failure));
        }
        else if (body.UserIds is not { } people)
        {
            _socket.Tell(Answers.Refuse(id, SocketCommands.Missing("user_ids")));
        }
        else if (people.Count > PresenceRules.MostWatched)
        {
            _socket.Tell(Answers.Refuse(id, Failure.OfField(ErrorCodes.ValidationFailed, "user_ids", $"must be at most {PresenceRules.MostWatched}")));
        }
        else
        {
            // The acknowledgement first, so that what follows it is the answer.
            if (!id.IsEmpty)
                _socket.Tell(Answers.Acknowledge(id));
            _socket.Watch = parts.Watchers.Watch(_socket, _socket.Watch, people);
        }
    }

    private void SetPresence(ClientFrame frame, ReadOnlySpan<byte> message)
    {
        var id = frame.IdIn(message);
        if (!SocketCommands.TryRead(frame.JsonIn(message), FrameJson.Default.StatusBody, out var body, out var failure))
        {
            _socket.Tell(Answers.Refuse(id, failure));
        }
        else if (PresenceStatuses.Read(body.Status) is not { } status)
        {
            _socket.Tell(Answers.Refuse(id, Failure.OfField(ErrorCodes.ValidationFailed, "status", "must be one of: online, away, busy, dnd, invisible")));
        }
        else
        {
            parts.Presence.Set(_hold!, status);
            if (!id.IsEmpty)
                _socket.Tell(Answers.Acknowledge(id));
            TellOwnDevices();
        }
    }

    // A person's devices agree on how they are, whether or not they watch themselves.
    private void TellOwnDevices()
    {
        var word = parts.Presence.Of(_socket.User).Status.Word();
        var told = new PresenceEvent { UserId = _socket.User, Status = word, Presence = word, LastSeen = parts.Clock.GetUtcNow() };
        parts.Bus.Publish(new UserNotice(_socket.User, EventJson.Of(told, HypersendJson.Wire.PresenceEvent)));
    }
}
