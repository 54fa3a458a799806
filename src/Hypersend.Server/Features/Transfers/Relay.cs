using System.Buffers;
using System.Collections;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hypersend.Contracts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Realtime;
using Hypersend.Contracts.Transfers;
using Hypersend.Server.Realtime.Sockets;

namespace Hypersend.Server.Features.Transfers;

/// <summary>
/// Two connections and what passes between them. Bytes are handed on as they come and looked at no further than their head; what
/// is got is counted, so that the end can be told.
/// </summary>
internal sealed class Relay(Relays relays, TransferRow transfer)
{
    /// <summary>Which sealed frames it lets pass.</summary>
    private const int SealVersion = 1;

    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ComeBackAfter = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly BitArray _got = new(transfer.TotalChunks);
    private RelaySide? _sender;
    private RelaySide? _receiver;
    private long _receivedBytes;
    private int _gotCount;
    private bool _isComplete;
    private volatile bool _mayBeSealed;
    private bool _isOver;
    private long _toldAt;

    public TransferRow Transfer => transfer;

    /// <summary>False when it is over or given up, and another one has to be made.</summary>
    public bool TryAttach(RelayRole role, RelaySide side)
    {
        lock (_gate)
        {
            if (_isOver)
                return false;
            Of(role)?.Close(RelayWords.Replaced, "replaced");
            Set(role, side);
            side.Tell(Metadata(role));
            if (_sender is null || _receiver is null)
                return true;

            // What the sender completed was for the receiver that is gone.
            _isComplete = false;
            _sender.Tell(Word(RelayWords.Start));
            _receiver.Tell(Word(RelayWords.Start));
            return true;
        }
    }

    /// <summary>Reads from one side until it goes.</summary>
    public async Task ServeAsync(RelayRole role, RelaySide side)
    {
        try
        {
            while (!side.IsClosing && await TakeAsync(role, side))
            {
                // Handed on.
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // Gone without a word.
            side.Leave();
        }
        finally
        {
            Detach(role, side);
        }

        if (side.IsClosing && !side.Gone.IsCancellationRequested)
            await side.DropRestAsync();
    }

    /// <summary>Tells both that it is over, and closes.</summary>
    public void End(string word) => Close(
        side =>
        {
            side.Tell(Word(word));
            side.Close((int)WebSocketCloseStatus.NormalClosure, word);
        });

    /// <summary>It is not served here any more: both come back and are led to where it is.</summary>
    public void SendAway() => Close(side => side.Close(CloseCodes.Restarting, SocketDrain.ComeBackIn(ComeBackAfter)));

    public IReadOnlyList<RelaySide> Sides()
    {
        lock (_gate)
            return [.. new[] { _sender, _receiver }.OfType<RelaySide>()];
    }

    /// <summary>Takes all that has come from one side; false when that was the last.</summary>
    private async Task<bool> TakeAsync(RelayRole role, RelaySide side)
    {
        var read = await side.Input.ReadAsync(side.Gone);
        var last = await HandOnAsync(role, side, read.Buffer);
        if (last is RelayWords.Cancel)
            await relays.CancelAsync(this);
        else if (last is not null)
            await FinishAsync();
        if (!read.IsCompleted)
            return !side.IsClosing;
        side.Leave();
        return false;
    }

    /// <summary>Gives what was said last, if anything was. What comes for nobody is gone: whoever comes back says what they need.</summary>
    private async Task<string?> HandOnAsync(RelayRole role, RelaySide side, ReadOnlySequence<byte> bytes)
    {
        var rest = bytes;
        var sawAll = false;
        string? said = null;
        RelaySide? to = null;
        try
        {
            while (said != RelayWords.Cancel && !side.IsClosing && !(sawAll = !side.Frames.TryTake(ref rest, out var frame)))
            {
                if (IsAboutConnection(side, frame))
                    continue;
                if (!TryNote(role, side, frame, ref said))
                    break;
                to ??= said == RelayWords.Cancel ? null : await BeginAsync(role, side);
                to?.Write(frame);
            }
        }
        finally
        {
            if (to is not null)
                RelayMetrics.Passed(bytes.Length - rest.Length);
            side.Input.AdvanceTo(rest.Start, sawAll ? bytes.End : rest.Start);
            if (to is not null)
                await to.FlushAsync();
        }

        return said;
    }

    private async ValueTask<RelaySide?> BeginAsync(RelayRole role, RelaySide from)
    {
        RelaySide? to;
        lock (_gate)
            to = role == RelayRole.Sender ? _receiver : _sender;
        return to is not null && await to.BeginAsync(from.Gone) ? to : null;
    }

    private static bool IsAboutConnection(RelaySide side, in RelayFrame frame)
    {
        switch (frame.Kind)
        {
            case MessageKind.Ping:
                side.Answer(frame);
                return true;
            case MessageKind.Pong:
                return true;
            case MessageKind.Close:
                side.Close((int)WebSocketCloseStatus.NormalClosure, "");
                side.HasClosed = true;
                return true;
            case MessageKind.Broken:
                side.Close((int)WebSocketCloseStatus.ProtocolError, "");
                return true;
            default:
                return false;
        }
    }

    /// <summary>False when this side may not say that.</summary>
    private bool TryNote(RelayRole role, RelaySide side, in RelayFrame frame, ref string? said)
    {
        if (frame.Kind == MessageKind.TooBig)
            return Refuse(side, "The frame is too long.");
        if (frame.Kind == MessageKind.Binary)
            return RelayRules.RefuseBinary(role, frame, transfer, _mayBeSealed) is not { } wrong || Refuse(side, wrong);
        if (TextIn(role, frame) is not { } text)
            return Refuse(side, "This side does not say that, or not so.");
        said = text.Type;
        Note(text);
        return true;
    }

    private RelayText? TextIn(RelayRole role, in RelayFrame frame)
    {
        var text = ArrayPool<byte>.Shared.Rent(frame.Length);
        try
        {
            frame.CopyTo(text);
            return RelayRules.Read(role, text.AsMemory(0, frame.Length), transfer);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(text);
        }
    }

    private void Note(RelayText text)
    {
        var tells = false;
        lock (_gate)
        {
            switch (text.Type)
            {
                case RelayWords.Need:
                    SetNeeded(text.Ranges);
                    _mayBeSealed |= text.AsksForSeal;
                    break;
                case RelayWords.Got when !_got[text.Chunk]:
                    _got[text.Chunk] = true;
                    _gotCount++;
                    _receivedBytes += RelayRules.LengthOf(transfer, text.Chunk);
                    tells = _toldAt == 0 || relays.Clock.GetElapsedTime(_toldAt) >= ProgressEvery;
                    if (tells)
                        _toldAt = relays.Clock.GetTimestamp();
                    break;
                case RelayWords.Complete:
                    _isComplete = true;
                    break;
            }
        }

        if (tells)
            relays.TellProgress(transfer, _receivedBytes);
    }

    // The receiver's word counts: what it leaves out it has.
    private void SetNeeded(IReadOnlyList<(int From, int To)> ranges)
    {
        _got.SetAll(true);
        (_gotCount, _receivedBytes) = (transfer.TotalChunks, transfer.Size);
        foreach (var (from, to) in ranges)
        {
            for (var i = from; i <= to; i++)
            {
                if (!_got[i])
                    continue;
                _got[i] = false;
                _gotCount--;
                _receivedBytes -= RelayRules.LengthOf(transfer, i);
            }
        }

        if (_gotCount < transfer.TotalChunks)
            _isComplete = false;
    }

    private async Task FinishAsync()
    {
        lock (_gate)
        {
            if (!_isComplete || _gotCount < transfer.TotalChunks || _isOver)
                return;
        }

        await relays.FinishAsync(this);
    }

    private static bool Refuse(RelaySide side, string detail)
    {
        var error = new JsonObject { ["type"] = RelayWords.Error, ["code"] = ErrorCodes.MalformedFrame, ["detail"] = detail };
        side.Tell(Encoding.UTF8.GetBytes(error.ToJsonString()));
        side.Close(RelayWords.WrongFrame, ErrorCodes.MalformedFrame);
        return false;
    }

    private void Detach(RelayRole role, RelaySide side)
    {
        lock (_gate)
        {
            if (Of(role) != side)
                return;
            Set(role, null);
            var other = role == RelayRole.Sender ? _receiver : _sender;
            if (!_isOver)
                other?.Tell(Word(RelayWords.PeerLeft));
            if (_sender is not null || _receiver is not null)
                return;
            _isOver = true;
        }

        relays.Forget(this);
    }

    private void Close(Action<RelaySide> close)
    {
        lock (_gate)
        {
            if (_isOver)
                return;
            _isOver = true;
            foreach (var side in new[] { _sender, _receiver }.OfType<RelaySide>())
                close(side);
        }
    }

    private RelaySide? Of(RelayRole role) => role == RelayRole.Sender ? _sender : _receiver;

    private void Set(RelayRole role, RelaySide? side)
    {
        if (role == RelayRole.Sender)
            _sender = side;
        else
            _receiver = side;
    }

    private byte[] Metadata(RelayRole role)
    {
        var shown = JsonSerializer.SerializeToNode(relays.Present(transfer), HypersendJson.Wire.Transfer)!;
        return Encoding.UTF8.GetBytes(new JsonObject
        {
            ["type"] = RelayWords.Metadata,
            ["role"] = role == RelayRole.Sender ? "sender" : "receiver",
            ["transfer_id"] = transfer.Id.ToString(),
            ["filename"] = transfer.Filename,
            ["size"] = transfer.Size,
            ["mime"] = transfer.Mime,
            ["chunk_size"] = transfer.ChunkSize,
            ["total_chunks"] = transfer.TotalChunks,
            ["seal"] = SealVersion,
            ["transfer"] = shown,
        }.ToJsonString());
    }

    private static byte[] Word(string type) => Encoding.UTF8.GetBytes($$"""{"type":"{{type}}"}""");
}
