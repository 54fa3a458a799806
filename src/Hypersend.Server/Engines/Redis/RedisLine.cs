using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Engines.Redis;

/// <summary>
/// One connection: commands leave in the order they are given, as many as there are at once, and their answers come in that order.
/// Whatever goes wrong ends it, and every command without an answer with it.
/// </summary>
internal sealed class RedisLine : IAsyncDisposable
{
    private const int MostUnanswered = 10_000;

    private readonly Socket _socket;
    private readonly Stream _stream;
    private readonly Action<RespValue> _pushed;
    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource<RespValue>> _unanswered = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ArrayBufferWriter<byte> _filling = new();
    private ArrayBufferWriter<byte> _leaving = new();
    private Exception? _fault;
    private Task _running = Task.CompletedTask;

    private RedisLine(Socket socket, Stream stream, Action<RespValue> pushed) => (_socket, _stream, _pushed) = (socket, stream, pushed);

    /// <summary>Done when the connection is over, for whatever reason.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Signed in and ready; what the server pushes goes to <paramref name="pushed"/>, on the one thread that reads.</summary>
    public static async Task<RedisLine> OpenAsync(RedisUrl url, Action<RespValue> pushed, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        RedisLine? line = null;
        try
        {
            await socket.ConnectAsync(url.Host, url.Port, cancellation);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (url.Tls)
            {
                var tls = new SslStream(stream);
                await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = url.Host }, cancellation);
                stream = tls;
            }

            line = new RedisLine(socket, stream, pushed);
            line._running = Task.WhenAll(line.ReadAsync(), line.WriteAsync());
            await line.GreetAsync(url, cancellation);
            return line;
        }
        catch
        {
            if (line is not null)
                await line.DisposeAsync();
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The answer; an error of the server is an <see cref="InvalidOperationException"/>, a lost connection an <see cref="EngineUnavailableException"/>.</summary>
    public async Task<RespValue> CallAsync(RedisCommand command, CancellationToken cancellation)
    {
        var answer = await Enqueue(command).WaitAsync(cancellation);
        return answer.Kind == RespKind.Error ? throw new InvalidOperationException($"Redis refused: {answer.Text}") : answer;
    }

    /// <summary>For a command that is not answered but followed by pushes.</summary>
    public void Post(RedisCommand command)
    {
        lock (_gate)
            Fill(command);
    }

    public async ValueTask DisposeAsync()
    {
        End(null);
        await _running;
        await _stream.DisposeAsync();
        _wake.Dispose();
    }

    private async Task GreetAsync(RedisUrl url, CancellationToken cancellation)
    {
        string[] login = url.Password is null ? [] : ["AUTH", url.User ?? "default", url.Password];
        await CallAsync(RedisCommand.Of(["HELLO", "3", .. login, "SETNAME", "hypersend"]), cancellation);
        if (url.Database > 0)
            await CallAsync(RedisCommand.Of("SELECT", url.Database.ToString(System.Globalization.CultureInfo.InvariantCulture)), cancellation);
    }

    private Task<RespValue> Enqueue(RedisCommand command)
    {
        var answer = new TaskCompletionSource<RespValue>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_fault is not null || _unanswered.Count == MostUnanswered)
                return Task.FromException<RespValue>(new EngineUnavailableException("bus", _fault));
            _unanswered.Enqueue(answer);
            Fill(command);
        }

        return answer.Task;
    }

    private void Fill(RedisCommand command)
    {
        command.WriteTo(_filling);
        if (_wake.CurrentCount == 0)
            _wake.Release();
    }

    private async Task WriteAsync()
    {
        try
        {
            while (true)
            {
                await _wake.WaitAsync();
                lock (_gate)
                {
                    if (_fault is not null)
                        return;
                    (_filling, _leaving) = (_leaving, _filling);
                }

                await _stream.WriteAsync(_leaving.WrittenMemory);

                // A rare large command is no reason to keep its room.
                if (_leaving.Capacity > 1024 * 1024)
                    _leaving = new ArrayBufferWriter<byte>();
                _leaving.ResetWrittenCount();
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            End(exception);
        }
    }

    private async Task ReadAsync()
    {
        var pipe = PipeReader.Create(_stream, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
        try
        {
            while (true)
            {
                var read = await pipe.ReadAsync();
                var bytes = read.Buffer;
                while (RespReader.TryRead(bytes, out var value, out var consumed))
                {
                    bytes = bytes.Slice(consumed);
                    Take(value);
                }

                pipe.AdvanceTo(bytes.Start, bytes.End);
                if (read.IsCompleted)
                    throw new IOException("Redis closed the connection.");
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidDataException)
        {
            End(exception);
        }
        finally
        {
            await pipe.CompleteAsync();
        }
    }

    private void Take(RespValue value)
    {
        if (value.Kind == RespKind.Push)
        {
            _pushed(value);
            return;
        }

        TaskCompletionSource<RespValue>? waiting;
        lock (_gate)
            _unanswered.TryDequeue(out waiting);
        (waiting ?? throw new InvalidDataException("Redis answered what nobody asked.")).TrySetResult(value);
    }

    private void End(Exception? fault)
    {
        TaskCompletionSource<RespValue>[] left;
        lock (_gate)
        {
            if (_fault is not null)
                return;
            _fault = fault ?? new ObjectDisposedException(nameof(RedisLine));
            left = [.. _unanswered];
            _unanswered.Clear();
            if (_wake.CurrentCount == 0)
                _wake.Release();
        }

        _socket.Dispose();
        foreach (var one in left)
            one.TrySetException(new EngineUnavailableException("bus", fault));
        _ended.TrySetResult();
    }
}
