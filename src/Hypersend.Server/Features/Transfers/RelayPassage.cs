using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Realtime;
using Hypersend.Server.Platform.Health;
using Hypersend.Server.Realtime.Sockets;

namespace Hypersend.Server.Features.Transfers;

/// <summary>
/// Leads a side that reached this node to the one that has the relay: bytes go through as they come, and from either end only as
/// fast as the other takes them. The two speak to each other; nothing is looked at here.
/// </summary>
internal sealed partial class RelayPassage(RelayOwners owners, NodePasses passes, ILogger<RelayPassage> log) : IDrained, IDisposable
{
    private const int Step = 128 * 1024;
    private const int Tries = 3;

    private static readonly TimeSpan OpenWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ComeBackAfter = TimeSpan.FromSeconds(2);

    // Over twice as long as an owner is ever quiet.
    private static readonly TimeSpan SilentFor = TimeSpan.FromSeconds(75);

    private readonly ConcurrentDictionary<RelaySide, bool> _open = new();

    // The settings name the nodes, and nobody else does: it may be any address.
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public async Task<bool> IsHereAsync(TransferId id, CancellationToken cancellation) => await owners.FindAsync(id, silent: null, cancellation) is null;

    /// <summary>False when the relay is this node's, and is to be served here.</summary>
    public async Task<bool> TryServeAsync(RelaySide side, TransferId id, RelayRole role, SessionId session)
    {
        string? silent = null;
        for (var tries = 0; tries < Tries; tries++)
        {
            if (await owners.FindAsync(id, silent, side.Gone) is not { } owner)
                return false;
            if (await OpenAsync(owner, id, role, session, side.Gone) is not { } answer)
            {
                NotReached(log, owner, id);
                silent = owner;
                continue;
            }

            using (answer)
                await PassAsync(side, await answer.Content.ReadAsStreamAsync(side.Gone));
            return true;
        }

        side.Close(CloseCodes.Restarting, SocketDrain.ComeBackIn(ComeBackAfter));
        await side.DropRestAsync();
        return true;
    }

    /// <summary>In the middle of whatever passes there is no place for a word: they are cut, and come back.</summary>
    public Task DrainAsync(CancellationToken cancellation)
    {
        foreach (var (side, _) in _open)
            side.Leave();
        return Task.CompletedTask;
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Null when there is no such line to be had.</summary>
    private async Task<HttpResponseMessage?> OpenAsync(string owner, TransferId id, RelayRole role, SessionId session, CancellationToken gone)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(gone);
        late.CancelAfter(OpenWithin);
        var side = role == RelayRole.Sender ? "sender" : "receiver";
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{owner}/api/v1/p2p/nodes/{side}/{id}")
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Add("Connection", "Upgrade");
        request.Headers.Add("Upgrade", "websocket");
        request.Headers.Add("Sec-WebSocket-Version", SocketHandshake.Version);
        request.Headers.Add("Sec-WebSocket-Key", Convert.ToBase64String(id.Value.ToByteArray()));
        request.Headers.Add(NodePasses.Header, passes.Make(owner, id, role, session));
        try
        {
            var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, late.Token);
            if (answer.StatusCode == HttpStatusCode.SwitchingProtocols)
                return answer;
            answer.Dispose();
            return null;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !gone.IsCancellationRequested))
        {
            return null;
        }
    }

    private async Task PassAsync(RelaySide side, Stream line)
    {
        _open[side] = true;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(side.Gone);
        try
        {
            var (there, back) = (PassThereAsync(side, line, ending.Token), PassBackAsync(side, line, ending.Token));
            await Task.WhenAny(there, back);
            await ending.CancelAsync();
            await Task.WhenAll(there, back);
        }
        finally
        {
            _open.TryRemove(side, out _);
        }
    }

    private static async Task PassThereAsync(RelaySide side, Stream line, CancellationToken ended)
    {
        try
        {
            while (true)
            {
                var read = await side.Input.ReadAsync(ended);
                foreach (var segment in read.Buffer)
                    await line.WriteAsync(segment, ended);
                side.Input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    return;
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // One of the two has gone, and the other is let go.
        }
    }

    private static async Task PassBackAsync(RelaySide side, Stream line, CancellationToken ended)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Step);
        using var silent = CancellationTokenSource.CreateLinkedTokenSource(ended);
        try
        {
            while (true)
            {
                silent.CancelAfter(SilentFor);
                var length = await line.ReadAsync(buffer, silent.Token);
                silent.CancelAfter(Timeout.InfiniteTimeSpan);
                if (length == 0 || (await side.Output.WriteAsync(buffer.AsMemory(0, length), ended)).IsCompleted)
                    return;
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // As above.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    [LoggerMessage(830, LogLevel.Warning, "The node at {Owner} has the relay of transfer {Transfer} and could not be reached; this node takes it over")]
    private static partial void NotReached(ILogger log, string owner, TransferId transfer);
}
