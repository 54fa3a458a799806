using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Realtime;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime.Fanout;

namespace Hypersend.Server.Realtime.Sockets;

/// <content>
/// What the client sends takes effect in its order. Sends enter the writer one behind the other without waiting for each
/// other's commit; anything else waits for the sends before it, and what follows waits for it.
/// </content>
internal sealed partial class SocketSession
{
    private const int MostSends = 1024;
    private const int StatesAtOnce = 200;

    private PendingSends? _sends;
    private TypingMark _typing;

    private async Task HandleAsync(ReadOnlyMemory<byte> message, int from = 0)
    {
        _socket.NoteActivity();
        var frames = new List<ClientFrame>(1);
        if (!ClientFrameReader.TryRead(message.Span, frames))
        {
            await RefuseAsync(new Failure(ErrorCodes.MalformedFrame, "The frame is not JSON."));
            return;
        }

        LiveMetrics.Commanded(frames.Count);
        for (var i = from; i < frames.Count; i++)
        {
            var frame = frames[i];
            await _socket.WhenRoomAsync();
            if (!_socket.IsOpen)
                return;
            if (MayGoOn(frame.IdIn(message.Span)))
                await HandleAsync(frame, message);
        }
    }

    private async Task RefuseAsync(Failure failure)
    {
        await _socket.WhenRoomAsync();
        if (MayGoOn([]))
            _socket.Tell(Answers.Refuse([], failure));
    }

    private bool MayGoOn(ReadOnlySpan<byte> id)
    {
        if (!parts.Options.RateLimitsOn || _budget.TryTake())
            return true;
        if (_budget.IsExhausted)
            _socket.Close(CloseCodes.TooFast, ErrorCodes.RateLimited);
        else
            _socket.Tell(Answers.Refuse(id, new Failure(ErrorCodes.RateLimited) { RetryAfter = TimeSpan.FromSeconds(1) }));
        return false;
    }

    private async Task HandleAsync(ClientFrame frame, ReadOnlyMemory<byte> message)
    {
        if (frame.Type == ClientFrameType.MessageSend)
        {
            await (_sends ??= new PendingSends()).WhenFallenToAsync(MostSends - 1);
            Send(_sends, frame, message.Span);
            return;
        }

        if (_sends is not null)
            await _sends.WhenFallenToAsync(0);
        switch (frame.Type)
        {
            case ClientFrameType.Ping:
                _socket.Tell(Answers.Pong(frame.IdIn(message.Span)));
                break;
            case ClientFrameType.Typing:
                await TypeAsync(frame, message);
                break;
            case ClientFrameType.PresenceWatch:
                WatchPresence(frame, message.Span);
                break;
            case ClientFrameType.PresenceSet:
                SetPresence(frame, message.Span);
                break;
            case ClientFrameType.Hello:
                await SayHelloAsync(frame, message);
                break;
            case ClientFrameType.Auth:
                await ConfirmAsync(frame, message);
                break;
            default:
                if (await parts.Commands.HandleAsync(_socket.User, frame, message, CancellationToken.None) is { } answer)
                    _socket.Tell(answer);
                break;
        }
    }

    private void Send(PendingSends sends, ClientFrame frame, ReadOnlySpan<byte> message)
    {
        var id = frame.IdIn(message).ToArray();
        if (sends.Add(id, parts.Commands.SendAsync(_socket.User, frame.JsonIn(message))))
            _ = AnswerAsync(sends);
    }

    /// <summary>Acknowledges in the order of the sends; those that were committed together as one frame.</summary>
    private async Task AnswerAsync(PendingSends sends)
    {
        var answers = new List<OutFrame>();
        while (sends.TryNext(out var id, out var sending))
        {
            try
            {
                var result = await sending;
                answers.Add(SocketCommands.Answer(id, result));
            }
            catch (Exception exception)
            {
                answers.Add(Answers.Refuse(id, parts.Commands.FailureOf(exception)));
            }

            if (!sends.HasFollower)
            {
                OutFrame.Join(answers).ForEach(_socket.Tell);
                answers.Clear();
            }

            sends.Done();
        }
    }

    private async Task TypeAsync(ClientFrame frame, ReadOnlyMemory<byte> message)
    {
        var id = message.Slice(frame.IdStart, frame.IdLength);
        if (!SocketCommands.TryRead(frame.JsonIn(message.Span), FrameJson.Default.TypingBody, out var body, out var failure))
            _socket.Tell(Answers.Refuse(id.Span, failure));
        else if (body.ChatId is not { } chat)
            _socket.Tell(Answers.Refuse(id.Span, SocketCommands.Missing("chat_id")));
        else if (_socket.Find(chat) is not { } channel)
            _socket.Tell(Answers.Refuse(id.Span, new Failure(ErrorCodes.NotFound)));
        else if (await TypeAsync(channel, body.On ?? true) is { } refusal)
            _socket.Tell(Answers.Refuse(id.Span, refusal));
        else if (!id.IsEmpty)
            _socket.Tell(Answers.Acknowledge(id.Span));
    }

    private async Task<Failure?> TypeAsync(ChatChannel channel, bool on)
    {
        if (!ChatRules.TellsTyping(channel.Type, channel.MemberCount) || !_typing.IsNews(channel.No, on, parts.Clock))
            return null;
        try
        {
            var chat = new ListenedChat { No = channel.No, Id = channel.Id, Type = channel.Type };
            await parts.Typing.HandleAsync(_socket.User, chat, on, CancellationToken.None);
            return null;
        }
        catch (Exception exception)
        {
            return parts.Commands.FailureOf(exception);
        }
    }

    /// <summary>A socket that is signed in already stays who it is.</summary>
    private async Task ConfirmAsync(ClientFrame frame, ReadOnlyMemory<byte> message)
    {
        var session = SocketCommands.TryRead(frame.JsonIn(message.Span), FrameJson.Default.AuthBody, out var body, out _) && body.Token is { } token
            ? await parts.SignIn.FindAsync(token, CancellationToken.None)
            : null;
        if (session?.UserId == _socket.User)
            _socket.Tell(Answers.Acknowledge(frame.IdIn(message.Span)));
        else
            _socket.Close(CloseCodes.NotAuthenticated, ErrorCodes.NotAuthenticated);
    }

    private async Task SayHelloAsync(ClientFrame frame, ReadOnlyMemory<byte> message)
    {
        var id = message.Slice(frame.IdStart, frame.IdLength);
        if (!SocketCommands.TryRead(frame.JsonIn(message.Span), FrameJson.Default.HelloBody, out var body, out var refusal))
        {
            _socket.Tell(Answers.Refuse(id.Span, refusal));
            return;
        }

        if (!Cursors.Read(body.Cursors).Succeeded(out var cursors, out var wrong))
        {
            _socket.Tell(Answers.Refuse(id.Span, wrong));
            return;
        }

        var coversAll = _socket.Hold();
        var (read, states, removed) = (new List<ListenedChat>(), new List<ChatState>(), new List<ChatId>());
        try
        {
            await foreach (var answer in parts.Hello.ReadAsync(_socket, cursors, coversAll, CancellationToken.None))
            {
                foreach (var (_, sync) in answer.Moved)
                    _socket.Tell(OutFrame.Of(JsonSerializer.SerializeToUtf8Bytes(sync, HypersendJson.Wire.ChatSync), FrameKind.Answer));
                read.AddRange(answer.Listened);
                states.AddRange(answer.States);
                removed.AddRange(answer.Removed);
                await _socket.WhenRoomAsync();
            }
        }
        catch (Exception exception)
        {
            // What was answered so far is right; the next hello has to cover the rest.
            _socket.Release(read, mustCoverAll: coversAll);
            _socket.Tell(Answers.Refuse(id.Span, parts.Commands.FailureOf(exception)));
            return;
        }

        _socket.Release(read, mustCoverAll: false);
        FinishHello(states, removed);
        if (coversAll)
            parts.Watchers.TellAgain(_socket.Watch);
        if (!id.IsEmpty)
            _socket.Tell(Answers.Acknowledge(id.Span));
    }

    private void FinishHello(List<ChatState> states, List<ChatId> removed)
    {
        for (var from = 0; from == 0 || from < states.Count; from += StatesAtOnce)
        {
            var isLast = from + StatesAtOnce >= states.Count;
            var synced = new Synced
            {
                Chats = states.GetRange(from, Math.Min(StatesAtOnce, states.Count - from)),
                Removed = isLast ? removed : [],
                Last = isLast,
            };
            _socket.Tell(OutFrame.Of(JsonSerializer.SerializeToUtf8Bytes(synced, HypersendJson.Wire.Synced), FrameKind.Answer));
        }
    }
}
