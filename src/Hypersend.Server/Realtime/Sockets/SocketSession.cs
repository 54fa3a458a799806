using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text.Unicode;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Realtime;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime.Fanout;

namespace Hypersend.Server.Realtime.Sockets;

/// <summary>One socket from its first frame to its last: signs in, says welcome, then takes what the client sends.</summary>
internal sealed partial class SocketSession(SocketParts parts, IDuplexPipe pipes, Action abort, SocketDemand demand)
{
    private const int LongestMessage = 256 * 1024;
    private const int LongestFirstMessage = 16 * 1024;
    private const int MostAtOnce = 16 * 1024;
    private const int ProtocolError = 1002;
    private const int NoText = 1007;

    private static readonly TimeSpan SignInWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ComeBackAfter = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PartWithin = TimeSpan.FromSeconds(2);

    private static ReadOnlySpan<byte> ProtocolErrorPayload => [ProtocolError >> 8, ProtocolError & 0xFF];

    private static ReadOnlySpan<byte> NoTextPayload => [NoText >> 8, NoText & 0xFF];

    private readonly SocketReader _reader = new() { Limit = LongestFirstMessage };
    private FrameBudget _budget = new(parts.Clock);
    private LiveSocket _socket = null!;
    private PresenceHold? _hold;

    // The first message when there is more in it than the token.
    private byte[]? _firstMessage;

    /// <summary>Serves who is known, or whom the token names, or whoever the first message says it is.</summary>
    public async Task RunAsync(SessionState? known, string? token)
    {
        try
        {
            var hasEntered = await EnterAsync(known, token);
            (known, token) = (null, null);
            while (hasEntered && await TakeAllAsync())
            {
                // Here a quiet socket waits, with nothing else held.
                _reader.Rest();
                var read = await pipes.Input.ReadAsync();
                if (!Accept(read))
                    break;
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The client went without a word.
        }
        finally
        {
            _reader.End();
            await LeaveAsync();
        }
    }

    private async ValueTask<bool> EnterAsync(SessionState? known, string? token)
    {
        try
        {
            var session = known;
            if (token is not null)
                session = await parts.SignIn.FindAsync(token, CancellationToken.None);
            else
                session ??= await SignInAsync();
            if (session is null)
                return await PartAsync(CloseCodes.NotAuthenticated, token is null ? ErrorCodes.NotAuthenticated : ErrorCodes.InvalidToken);
            if (demand.User is { } user && user != session.UserId)
                return await PartAsync(CloseCodes.Forbidden, ErrorCodes.Forbidden);
            await OpenAsync(new LiveSocket(parts.Wheel, pipes.Output, abort, session.UserId, session.Id, demand.Chat), session);
            return true;
        }
        catch (Exception exception) when (_socket is null && EngineFailures.Of(exception) is not null)
        {
            // It cannot be told who it is. The client has nothing to do but to come back.
            return await PartAsync(CloseCodes.Restarting, SocketDrain.ComeBackIn(ComeBackAfter));
        }
    }

    private async ValueTask LeaveAsync()
    {
        if (_socket is null)
            return;
        LiveMetrics.Closed();
        parts.Wheel.Remove(_socket);
        parts.Hub.Exit(_socket);
        parts.Watchers.Unwatch(_socket.Watch);
        parts.Presence.Leave(_hold!);
        parts.Sessions.Used(_socket.Session, _socket.User);
        await _socket.EndAsync();
    }

    /// <summary>The first message has to be the token.</summary>
    private async Task<SessionState?> SignInAsync()
    {
        using var late = new CancellationTokenSource(SignInWithin, parts.Clock);
        try
        {
            while (true)
            {
                while (_reader.TryTake(out var message))
                {
                    if (message.Kind is MessageKind.Ping or MessageKind.Pong)
                        continue;
                    return message.Kind == MessageKind.Text ? await SignInAsync(message.Payload, late.Token) : null;
                }

                var read = await pipes.Input.ReadAsync(late.Token);
                if (!Accept(read))
                    throw new IOException("The client went before it said who it is.");
            }
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<SessionState?> SignInAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        var frames = new List<ClientFrame>();
        if (!ClientFrameReader.TryRead(message.Span, frames) || frames is not [{ Type: ClientFrameType.Auth } frame, ..])
            return null;
        _firstMessage = frames.Count > 1 ? message.ToArray() : null;
        return SocketCommands.TryRead(frame.JsonIn(message.Span), FrameJson.Default.AuthBody, out var body, out _) && body.Token is { } token
            ? await parts.SignIn.FindAsync(token, cancellation)
            : null;
    }

    /// <summary>Seats first, then the welcome, then what happened meanwhile: from the welcome on nothing is missing.</summary>
    private async Task OpenAsync(LiveSocket socket, SessionState session)
    {
        parts.Hub.Enter(socket);
        parts.Wheel.Add(socket);
        LiveMetrics.Opened();
        _socket = socket;
        _hold = parts.Presence.Enter(session.UserId, session.Id);
        _reader.Limit = LongestMessage;
        try
        {
            var chats = await parts.Hello.SitInAllAsync(_socket, CancellationToken.None);
            if (demand.Chat is not null && chats.Count == 0)
                _socket.Close(CloseCodes.Gone, ErrorCodes.NotFound);
            else
                _socket.Tell(OutFrame.Of(await parts.Welcome.WriteAsync(session, CancellationToken.None), FrameKind.Answer));
            _socket.Release([]);
        }
        catch (Exception exception) when (EngineFailures.Of(exception) is not null)
        {
            _socket.Close(CloseCodes.Restarting, SocketDrain.ComeBackIn(ComeBackAfter));
        }
    }

    /// <summary>Takes what has come as a whole; false when the conversation is over.</summary>
    private async ValueTask<bool> TakeAllAsync()
    {
        if (_firstMessage is { } first)
        {
            _firstMessage = null;
            await HandleAsync(first, from: 1);
        }

        while (_reader.TryTake(out var message))
        {
            if (await TakeAsync(message))
                continue;
            await _socket.WhenDrainedAsync();
            if (message.Kind == MessageKind.Broken)
                await DropRestAsync();
            return false;
        }

        return true;
    }

    /// <summary>Takes in what was read; false when the client has gone.</summary>
    private bool Accept(ReadResult read)
    {
        var some = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, MostAtOnce));
        _reader.Add(some);
        var isOver = read.IsCompleted && read.Buffer.IsEmpty;
        pipes.Input.AdvanceTo(some.End);
        return !isOver;
    }

    /// <summary>False when the conversation is over.</summary>
    private async ValueTask<bool> TakeAsync(SocketMessage message)
    {
        switch (message.Kind)
        {
            case MessageKind.Close:
                _socket.CloseWith(OutFrame.OfControl(FrameOpcode.Close, EchoOf(message.Payload.Span)));
                return false;
            case MessageKind.Broken:
                _socket.Close(ProtocolError, "");
                return false;
            case MessageKind.TooBig:
                _socket.Close(CloseCodes.TooBig, ErrorCodes.TooLarge);
                return true;
            case MessageKind.Ping:
                await _socket.WhenRoomAsync();
                _socket.Tell(OutFrame.OfControl(FrameOpcode.Pong, message.Payload.Span));
                return true;
            case MessageKind.Text when _socket.IsOpen:
                await HandleAsync(message.Payload);
                return true;
            case MessageKind.Binary when _socket.IsOpen:
                await RefuseAsync(new Failure(ErrorCodes.MalformedFrame, "The socket takes text frames; this one was binary."));
                return true;
            default:
                return true;
        }
    }

    // The client's code comes back; one that may not be sent is a breach of the protocol itself, and a reason has to be text.
    private static ReadOnlySpan<byte> EchoOf(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty)
            return payload;
        var code = payload.Length < sizeof(ushort) ? 0 : BinaryPrimitives.ReadUInt16BigEndian(payload);
        if (code is not ((>= 1000 and <= 1003) or (>= 1007 and <= 1014) or (>= 3000 and <= 4999)))
            return ProtocolErrorPayload;
        return Utf8.IsValid(payload[sizeof(ushort)..]) ? payload[..sizeof(ushort)] : NoTextPayload;
    }

    /// <summary>Closes a socket that nobody is behind yet, and gives the client a moment to read why. False: nobody came in.</summary>
    private async ValueTask<bool> PartAsync(int code, string reason)
    {
        LiveMetrics.Closed(code);
        await pipes.Output.WriteAsync(LiveSocket.CloseFrame(code, reason).Bytes);
        using var late = new CancellationTokenSource(PartWithin, parts.Clock);
        do
        {
            while (_reader.TryTake(out var message))
            {
                if (message.Kind is MessageKind.Close or MessageKind.Broken)
                    return false;
            }
        }
        while (Accept(await pipes.Input.ReadAsync(late.Token)));
        return false;
    }

    // To close a connection with bytes unread would take the close frame away from the client, too.
    private async Task DropRestAsync()
    {
        using var late = new CancellationTokenSource(PartWithin, parts.Clock);
        ReadResult read;
        do
        {
            read = await pipes.Input.ReadAsync(late.Token);
            pipes.Input.AdvanceTo(read.Buffer.End);
        }
        while (!read.IsCompleted);
    }
}

/// <summary>What the address of a socket asked for besides the socket itself.</summary>
internal readonly record struct SocketDemand(UserId? User, ChatId? Chat);
