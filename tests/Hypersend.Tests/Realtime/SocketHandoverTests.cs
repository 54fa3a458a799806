using System.IO.Pipelines;
using System.Text;
using Hypersend.Server.Realtime.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Hypersend.Tests.Realtime;

/// <summary>A connection between a request that became a socket, and the socket. What stays a request must not notice.</summary>
public sealed class SocketHandoverTests : IAsyncDisposable
{
    private readonly Pipe _out = new();
    private readonly Beats _beats = new();
    private readonly DefaultConnectionContext _connection;
    private readonly IDuplexPipe _pipes;

    public SocketHandoverTests()
    {
        _pipes = new Duplex(new Pipe().Reader, _out.Writer);
        _connection = new DefaultConnectionContext("one") { Transport = _pipes };
        _connection.Features.Set<IConnectionHeartbeatFeature>(_beats);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    [Fact]
    public async Task A_connection_that_stays_with_its_requests_ends_with_them()
    {
        var beats = 0;
        await SocketHandover.PassAsync(_connection, async connection =>
        {
            connection.Features.GetRequiredFeature<IConnectionHeartbeatFeature>().OnHeartbeat(by => beats += (int)by, 2);
            connection.Features.GetRequiredFeature<IConnectionHeartbeatFeature>().OnHeartbeat(by => beats += (int)by, 3);
            _beats.Beat();
            await connection.Transport.Output.WriteAsync("an answer"u8.ToArray(), Cancellation);
            await connection.Transport.Output.CompleteAsync();
        });

        Assert.Equal(5, beats);
        var read = await _out.Reader.ReadAsync(Cancellation);
        Assert.Equal("an answer", Encoding.ASCII.GetString(read.Buffer));
        _out.Reader.AdvanceTo(read.Buffer.End);
        Assert.True((await _out.Reader.ReadAsync(Cancellation)).IsCompleted);
    }

    [Fact]
    public async Task A_connection_that_was_taken_outlives_its_request_and_keeps_nothing_of_it()
    {
        var (order, beats) = (new List<string>(), 0);
        await SocketHandover.PassAsync(_connection, async connection =>
        {
            connection.Features.GetRequiredFeature<IConnectionHeartbeatFeature>().OnHeartbeat(_ => beats++, this);
            var handover = SocketHandover.Of(Request(connection))!;
            handover.Take(async () =>
            {
                order.Add("socket");
                Assert.Same(_pipes, connection.Transport);
                Assert.Same(_beats, connection.Features.Get<IConnectionHeartbeatFeature>());
                Assert.Null(connection.Features.Get<SocketHandover>());
                _beats.Beat();
                await handover.Pipes.Output.WriteAsync("a frame"u8.ToArray(), Cancellation);
            });
            await connection.Transport.Output.CompleteAsync();
            order.Add("request");
        });

        Assert.Equal(["request", "socket"], order);
        Assert.Equal(0, beats);
        var read = await _out.Reader.ReadAsync(Cancellation);
        Assert.Equal("a frame", Encoding.ASCII.GetString(read.Buffer));
        Assert.False(read.IsCompleted);
    }

    [Fact]
    public async Task A_request_that_breaks_takes_its_connection_with_it()
    {
        var served = false;
        await Assert.ThrowsAsync<InvalidOperationException>(() => SocketHandover.PassAsync(_connection, connection =>
        {
            SocketHandover.Of(Request(connection))!.Take(() =>
            {
                served = true;
                return Task.CompletedTask;
            });
            throw new InvalidOperationException();
        }));
        Assert.False(served);
    }

    [Fact]
    public async Task Nothing_is_taken_from_HTTP_2_from_under_TLS_or_where_nothing_was_placed()
    {
        Assert.Null(SocketHandover.Of(Request(_connection)));
        await SocketHandover.PassAsync(_connection, connection =>
        {
            Assert.NotNull(SocketHandover.Of(Request(connection)));
            Assert.Null(SocketHandover.Of(Request(connection, "HTTP/2")));
            connection.Transport = new Duplex(connection.Transport.Input, PipeWriter.Create(Stream.Null));
            Assert.Null(SocketHandover.Of(Request(connection)));
            return Task.CompletedTask;
        });
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static DefaultHttpContext Request(ConnectionContext connection, string protocol = "HTTP/1.1")
    {
        var features = new FeatureCollection(connection.Features);
        features.Set<IHttpRequestFeature>(new HttpRequestFeature { Protocol = protocol });
        return new DefaultHttpContext(features);
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class Beats : IConnectionHeartbeatFeature
    {
        private Action? _all;

        public void OnHeartbeat(Action<object> action, object state) => _all += () => action(state);

        public void Beat() => _all?.Invoke();
    }
}
