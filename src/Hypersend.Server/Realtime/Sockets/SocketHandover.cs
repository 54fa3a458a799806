using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Hypersend.Server.Realtime.Sockets;

/// <summary>
/// Stands between a connection and the framework's HTTP. A request that becomes a socket ends there like any other, and its
/// connection goes on here: whatever a request consists of would stay in memory for as long as the socket lives.
/// </summary>
internal sealed class SocketHandover : PipeWriter, IDuplexPipe, IConnectionHeartbeatFeature
{
    private readonly ConnectionContext _connection;
    private readonly IConnectionHeartbeatFeature? _heartbeat;
    private Action? _beat;
    private Func<Task>? _socket;

    private SocketHandover(ConnectionContext connection)
    {
        (_connection, Pipes, _heartbeat) = (connection, connection.Transport, connection.Features.Get<IConnectionHeartbeatFeature>());
        connection.Features.Set(this);
        connection.Features.Set<IConnectionHeartbeatFeature>(this);
        connection.Transport = this;
    }

    /// <summary>The connection's own way in and out.</summary>
    public IDuplexPipe Pipes { get; }

    public PipeReader Input => Pipes.Input;

    public PipeWriter Output => this;

    public override bool CanGetUnflushedBytes => Pipes.Output.CanGetUnflushedBytes;

    public override long UnflushedBytes => Pipes.Output.UnflushedBytes;

    /// <summary>Puts it into every connection.</summary>
    public static void Place(KestrelServerOptions kestrel) =>
        kestrel.ConfigureEndpointDefaults(listen => listen.Use(next => connection => PassAsync(connection, next)));

    /// <summary>What every connection passes through.</summary>
    public static async Task PassAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var handover = new SocketHandover(connection);
        await next(connection);
        if (handover.Leave() is { } socket)
            await socket();
    }

    /// <summary>None where something else lies between the connection and its requests: TLS, or several requests at once.</summary>
    public static SocketHandover? Of(HttpContext context) =>
        HttpProtocol.IsHttp11(context.Request.Protocol) && context.Features.Get<SocketHandover>() is { } handover && handover._connection.Transport == handover
            ? handover
            : null;

    /// <summary>Serves the socket as soon as its request has ended. From now on the end of the request is not that of the connection.</summary>
    public void Take(Func<Task> socket) => _socket = socket;

    /// <summary>Cuts the connection; whoever reads or writes on it finds out.</summary>
    public void Abort() => _connection.Abort();

    // Nobody can take back what was asked for here, so the connection is told of this alone, and the request is let go with _beat.
    public void OnHeartbeat(Action<object> action, object state)
    {
        if (_beat is null)
            _heartbeat?.OnHeartbeat(static handover => ((SocketHandover)handover)._beat?.Invoke(), this);
        _beat += () => action(state);
    }

    public override void Complete(Exception? exception = null)
    {
        if (_socket is null)
            Pipes.Output.Complete(exception);
    }

    public override void Advance(int bytes) => Pipes.Output.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => Pipes.Output.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => Pipes.Output.GetSpan(sizeHint);

    public override void CancelPendingFlush() => Pipes.Output.CancelPendingFlush();

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => Pipes.Output.FlushAsync(cancellationToken);

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) =>
        Pipes.Output.WriteAsync(source, cancellationToken);

    private Func<Task>? Leave()
    {
        _connection.Features.Set<SocketHandover>(null);
        _connection.Features.Set(_heartbeat);
        _connection.Transport = Pipes;
        _beat = null;
        (var socket, _socket) = (_socket, null);
        return socket;
    }
}
