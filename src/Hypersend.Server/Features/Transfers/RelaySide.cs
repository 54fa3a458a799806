using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Realtime.Fanout;
using Hypersend.Server.Realtime.Sockets;

namespace Hypersend.Server.Features.Transfers;

/// <summary>
/// One side's connection. What the other side sends is written straight into it, by one at a time, and who writes waits until
/// it has been taken: nothing is kept but what the two connections hold. The server's own words wait for nobody.
/// </summary>
internal sealed class RelaySide : IDisposable
{
    // Only somebody who does not read and lets the other side come and go is told so much.
    private const int MostWords = 256;

    private static readonly TimeSpan CloseWithin = TimeSpan.FromSeconds(5);
    private static readonly ReadOnlyMemory<byte> Beat = OutFrame.OfControl(FrameOpcode.Pong, []).Bytes;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Queue<ReadOnlyMemory<byte>> _words = new();
    private readonly CancellationTokenSource _gone = new();
    private readonly Action _abort;
    private bool _isOver;

    public RelaySide(IDuplexPipe pipes, Action abort) => (Pipes, _abort, Gone) = (pipes, abort, _gone.Token);

    /// <summary>Who it is; set before it is served.</summary>
    public SessionState? Session { get; set; }

    public PipeReader Input => Pipes.Input;

    public PipeWriter Output => Pipes.Output;

    public RelayReader Frames { get; } = new();

    /// <summary>Nothing more is told to it, and nothing it says counts.</summary>
    public bool IsClosing { get; private set; }

    /// <summary>The client has said its last, too.</summary>
    public bool HasClosed { get; set; }

    /// <summary>Cancelled when nothing more is read from it or written to it.</summary>
    public CancellationToken Gone { get; }

    /// <summary>Waits until nobody else writes to this side. False when nothing more goes there; else <see cref="FlushAsync"/> has to follow.</summary>
    public async ValueTask<bool> BeginAsync(CancellationToken cancellation)
    {
        try
        {
            // Nearly always it is free, and then nothing is made to wait with.
            if (!_turn.Wait(0, CancellationToken.None))
                await _turn.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        if (!IsClosing && !_isOver)
            return true;
        await FlushAsync();
        return false;
    }

    /// <summary>Hands a message on, between <see cref="BeginAsync"/> and <see cref="FlushAsync"/>.</summary>
    public void Write(in RelayFrame frame) => frame.WriteTo(Output);

    /// <summary>Lets out what was written, and the words that came meanwhile; comes back when there is room again, and lets others write.</summary>
    public async Task FlushAsync()
    {
        do
        {
            try
            {
                if (!_isOver)
                {
                    WriteWords();
                    if ((await Output.FlushAsync(Gone)).IsCompleted)
                        Leave();
                }
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
            {
                // The client has gone; its reader finds out too.
                Leave();
            }
            finally
            {
                _turn.Release();
            }
        }
        while (HasWords && _turn.Wait(0, CancellationToken.None));
    }

    /// <summary>A word of the server.</summary>
    public void Tell(ReadOnlySpan<byte> json) => Put(OutFrame.Of(json, FrameKind.Answer).Bytes, isLast: false);

    /// <summary>Says why in words and in a code; after that the connection is closed.</summary>
    public void Part(int code, string reason)
    {
        Tell(Encoding.UTF8.GetBytes($$"""{"type":"error","code":"{{reason}}"}"""));
        Close(code, reason);
    }

    /// <summary>After what waits, the connection is closed.</summary>
    public void Close(int code, string reason)
    {
        Put(LiveSocket.CloseFrame(code, reason).Bytes, isLast: true);
        LeaveAfter(CloseWithin);
    }

    /// <summary>Answers a sign of life.</summary>
    public void Answer(in RelayFrame ping)
    {
        Span<byte> payload = stackalloc byte[ping.Length];
        ping.CopyTo(payload);
        Put(OutFrame.OfControl(FrameOpcode.Pong, payload).Bytes, isLast: false);
    }

    /// <summary>A sign of life, for whatever lies in between and cuts lines that are quiet.</summary>
    public void TellAlive() => Put(Beat, isLast: false);

    /// <summary>It has gone: what waits for it waits for nobody.</summary>
    public void Leave() => LeaveAfter(TimeSpan.Zero);

    /// <summary>Reads until the client has answered the close. To end a connection with bytes unread would take the close away from it, too.</summary>
    public async Task DropRestAsync()
    {
        while (!HasClosed)
        {
            var read = await Input.ReadAsync(Gone);
            var rest = read.Buffer;
            try
            {
                while (Frames.TryTake(ref rest, out var frame))
                {
                    HasClosed |= frame.Kind == MessageKind.Close;
                    if (frame.Kind is MessageKind.Broken or MessageKind.TooBig)
                        rest = rest.Slice(rest.End);
                }
            }
            finally
            {
                Input.AdvanceTo(rest.Start, read.Buffer.End);
            }

            HasClosed |= read.IsCompleted;
        }
    }

    /// <summary>For the last one who uses the connection: afterwards nothing is written to it any more.</summary>
    public async Task EndAsync()
    {
        lock (_words)
            IsClosing = true;
        LeaveAfter(CloseWithin);

        // Whoever writes ends with it, and its last words go first.
        await _turn.WaitAsync(CancellationToken.None);
        await FlushAsync();
        await _turn.WaitAsync(CancellationToken.None);
        _isOver = true;
        _turn.Release();
        if (Gone.IsCancellationRequested)
            _abort();
    }

    // Its turn stays: others may still ask for it, and find out that it is over.
    public void Dispose()
    {
        _gone.Dispose();
        Frames.Dispose();
    }

    private IDuplexPipe Pipes { get; }

    private bool HasWords
    {
        get
        {
            lock (_words)
                return _words.Count > 0;
        }
    }

    private void Put(ReadOnlyMemory<byte> frame, bool isLast)
    {
        lock (_words)
        {
            if (IsClosing)
                return;
            IsClosing = isLast;
            _words.Enqueue(frame);
            if (_words.Count > MostWords)
                Leave();
        }

        if (_turn.Wait(0, CancellationToken.None))
            _ = FlushAsync();
    }

    private void WriteWords()
    {
        lock (_words)
        {
            while (_words.TryDequeue(out var word))
                Output.Write(word.Span);
        }
    }

    private void LeaveAfter(TimeSpan wait)
    {
        try
        {
            if (wait == TimeSpan.Zero)
                _gone.Cancel();
            else
                _gone.CancelAfter(wait);
        }
        catch (ObjectDisposedException)
        {
            // It has gone by itself meanwhile.
        }
    }
}
