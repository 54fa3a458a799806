using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hypersend.Contracts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Features.Transfers;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime.Fanout;

namespace Hypersend.Server.Realtime.Sockets;

/// <summary>The use cases behind what a client sends. Each answers with a frame; null when the client wants none.</summary>
internal sealed partial class SocketCommands(
    SendMessage send, EditMessage edit, DeleteMessage delete, ReactToMessage react, MarkRead mark, SignalPeer signal, ILogger<SocketCommands> log)
{
    /// <summary>Enters the writer before it returns, so that the sends of a socket keep their order.</summary>
    public ValueTask<Result<SendOutcome>> SendAsync(UserId user, ReadOnlySpan<byte> json) =>
        TryRead(json, HypersendJson.Wire.SendMessageRequest, out var request, out var failure)
            ? send.HandleAsync(user, request, CancellationToken.None)
            : ValueTask.FromResult<Result<SendOutcome>>(failure);

    public static OutFrame Answer(ReadOnlySpan<byte> id, Result<SendOutcome> result) =>
        !result.Succeeded(out var outcome, out var failure) ? Answers.Refuse(id, failure)
        : outcome.Scheduled is { } scheduled ? Answers.Acknowledge(id, scheduled)
        : Answers.Acknowledge(id, outcome.Message.Span);

    /// <summary>Everything but sends, hello and what concerns the socket alone.</summary>
    public async Task<OutFrame?> HandleAsync(UserId user, ClientFrame frame, ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        var id = message.Slice(frame.IdStart, frame.IdLength);
        var json = message.Slice(frame.Start, frame.Length);
        try
        {
            return frame.Type switch
            {
                ClientFrameType.MessageEdit => await EditAsync(user, id, json, cancellation),
                ClientFrameType.MessageDelete => await DeleteAsync(user, id, json, cancellation),
                ClientFrameType.React => await ReactAsync(user, id, json, cancellation),
                ClientFrameType.Read or ClientFrameType.Delivered => await MarkAsync(user, id, json, frame.Type == ClientFrameType.Read, cancellation),
                ClientFrameType.Signal => await SignalAsync(user, id, json, cancellation),
                _ => Answers.Refuse(id.Span, new Failure(frame.Type == ClientFrameType.Unknown ? ErrorCodes.UnknownFrame : ErrorCodes.MalformedFrame)),
            };
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return Answers.Refuse(id.Span, FailureOf(exception));
        }
    }

    /// <summary>What a client is told of an exception; those that are bugs are logged.</summary>
    public Failure FailureOf(Exception exception)
    {
        if (EngineFailures.Of(exception) is { } failure)
            return failure;
        Broke(log, exception);
        return new Failure(ErrorCodes.InternalError);
    }

    public static bool TryRead<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type, out T body, out Failure failure)
    {
        try
        {
            (body, failure) = (JsonSerializer.Deserialize(json, type)!, null!);
            return true;
        }
        catch (JsonException exception)
        {
            (body, failure) = (default!, new Failure(ErrorCodes.MalformedFrame, $"The frame cannot be read at {exception.Path ?? "$"}."));
            return false;
        }
    }

    private async Task<OutFrame> EditAsync(UserId user, ReadOnlyMemory<byte> id, ReadOnlyMemory<byte> json, CancellationToken cancellation)
    {
        if (!TryRead(json.Span, FrameJson.Default.EditBody, out var body, out var failure))
            return Answers.Refuse(id.Span, failure);
        if (body.MessageId is not { } message)
            return Answers.Refuse(id.Span, Missing("message_id"));
        var result = await edit.HandleAsync(user, message, body.Content ?? "", cancellation);
        return Answer(id.Span, result);
    }

    private async Task<OutFrame> DeleteAsync(UserId user, ReadOnlyMemory<byte> id, ReadOnlyMemory<byte> json, CancellationToken cancellation)
    {
        if (!TryRead(json.Span, FrameJson.Default.DeleteBody, out var body, out var failure))
            return Answers.Refuse(id.Span, failure);
        if (body.MessageId is not { } message)
            return Answers.Refuse(id.Span, Missing("message_id"));
        var result = await delete.HandleAsync(user, message, cancellation);
        return result.Failure is { } refusal ? Answers.Refuse(id.Span, refusal) : Answers.Acknowledge(id.Span);
    }

    private async Task<OutFrame> ReactAsync(UserId user, ReadOnlyMemory<byte> id, ReadOnlyMemory<byte> json, CancellationToken cancellation)
    {
        if (!TryRead(json.Span, FrameJson.Default.ReactBody, out var body, out var failure))
            return Answers.Refuse(id.Span, failure);
        if (body.MessageId is not { } message)
            return Answers.Refuse(id.Span, Missing("message_id"));
        var result = await react.HandleAsync(user, message, body.Emoji ?? "", body.On ?? true, cancellation);
        return Answer(id.Span, result);
    }

    // Marks come in swarms, and most clients do not number them: then only what went wrong is said.
    private async Task<OutFrame?> MarkAsync(UserId user, ReadOnlyMemory<byte> id, ReadOnlyMemory<byte> json, bool isRead, CancellationToken cancellation)
    {
        if (!TryRead(json.Span, FrameJson.Default.MarkBody, out var body, out var failure))
            return Answers.Refuse(id.Span, failure);
        if (body.ChatId is not { } chat || body.Seq is not { } seq)
            return Answers.Refuse(id.Span, Missing(body.ChatId is null ? "chat_id" : "seq"));
        var result = await mark.HandleAsync(user, chat, seq, isRead, cancellation);
        if (result.Failure is { } refusal)
            return Answers.Refuse(id.Span, refusal);
        return id.IsEmpty ? null : Answers.Acknowledge(id.Span);
    }

    // Without a transfer it is about something that is not there.
    private async Task<OutFrame?> SignalAsync(UserId user, ReadOnlyMemory<byte> id, ReadOnlyMemory<byte> json, CancellationToken cancellation)
    {
        if (!TryRead(json.Span, FrameJson.Default.SignalBody, out var body, out var failure))
            return Answers.Refuse(id.Span, failure);
        if (body.To is not { } to)
            return Answers.Refuse(id.Span, Missing("to"));
        if (body.Data.ValueKind == JsonValueKind.Undefined)
            return Answers.Refuse(id.Span, Missing("data"));
        var result = await signal.HandleAsync(user, to, body.TransferId ?? default, body.Data, cancellation);
        if (result.Failure is { } refusal)
            return Answers.Refuse(id.Span, refusal);
        return id.IsEmpty ? null : Answers.Acknowledge(id.Span);
    }

    public static Failure Missing(string field) => Failure.OfField(ErrorCodes.ValidationFailed, field, "is required");

    private static OutFrame Answer(ReadOnlySpan<byte> id, Result<Message> result) =>
        result.Succeeded(out var message, out var failure) ? Answers.Acknowledge(id, EventJson.OfMessage(message).Span) : Answers.Refuse(id, failure);

    [LoggerMessage(341, LogLevel.Error, "A frame of a client broke")]
    private static partial void Broke(ILogger log, Exception exception);
}
