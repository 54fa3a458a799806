using System.Net.WebSockets;
using Hypersend.Contracts;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Transfers;
using Hypersend.Sdk.Calls;
using Hypersend.Sdk.Files;
using Hypersend.Sdk.Realtime;

namespace Hypersend.Sdk.Transfers;

/// <summary>Files that go straight to somebody, without a copy on the server.</summary>
public sealed class TransfersClient
{
    private readonly ApiCaller _caller;
    private readonly SessionKeeper _session;
    private readonly Uri _server;
    private readonly TimeProvider _clock;

    internal TransfersClient(ApiCaller caller, SessionKeeper session, Uri server, TimeProvider clock) =>
        (_caller, _session, _server, _clock) = (caller, session, server, clock);

    /// <summary>Offers somebody a file.</summary>
    [Call("POST", "/api/v1/p2p/initiate")]
    public Task<OfferedTransfer> OfferAsync(OfferTransferRequest request, CancellationToken cancellation = default) =>
        _caller.AskAsync(
            ApiCall.Post("/api/v1/p2p/initiate").With(request, HypersendJson.Wire.OfferTransferRequest), HypersendJson.Wire.OfferedTransfer, cancellation);

    /// <summary>Takes what somebody offers me.</summary>
    [Call("POST", "/api/v1/p2p/{id}/accept")]
    public Task<Transfer> AcceptAsync(TransferId id, CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Post($"/api/v1/p2p/{id}/accept"), HypersendJson.Wire.Transfer, cancellation);

    /// <summary>Declines what somebody offers me.</summary>
    [Call("POST", "/api/v1/p2p/{id}/reject")]
    public Task<Transfer> RejectAsync(TransferId id, CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Post($"/api/v1/p2p/{id}/reject"), HypersendJson.Wire.Transfer, cancellation);

    /// <summary>Ends it, from either side.</summary>
    [Call("POST", "/api/v1/p2p/{id}/cancel")]
    public Task<Transfer> CancelAsync(TransferId id, CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Post($"/api/v1/p2p/{id}/cancel"), HypersendJson.Wire.Transfer, cancellation);

    /// <summary>Makes an open transfer of mine a stored upload on the same grid; again, the same one with a fresh token.</summary>
    [Call("POST", "/api/v1/p2p/{id}/store")]
    public Task<Upload> StoreAsync(TransferId id, StoreTransferRequest? request = null, CancellationToken cancellation = default) =>
        _caller.AskAsync(
            ApiCall.Post($"/api/v1/p2p/{id}/store").With(request ?? new StoreTransferRequest(), HypersendJson.Wire.StoreTransferRequest), HypersendJson.Wire.Upload, cancellation);

    /// <summary>I have it all and checked it, on whichever way it came.</summary>
    [Call("POST", "/api/v1/p2p/{id}/done")]
    public Task<Transfer> FinishAsync(TransferId id, string? sha256Root = null, CancellationToken cancellation = default) =>
        _caller.AskAsync(
            ApiCall.Post($"/api/v1/p2p/{id}/done").With(new FinishTransferRequest { Sha256Root = sha256Root }, HypersendJson.Wire.FinishTransferRequest),
            HypersendJson.Wire.Transfer,
            cancellation);

    /// <summary>Tells both how much of it I have, by which of <see cref="TransferRoutes"/>.</summary>
    [Call("POST", "/api/v1/p2p/{id}/progress")]
    public Task ReportAsync(TransferId id, long received, string? route = null, CancellationToken cancellation = default) =>
        _caller.DoAsync(
            ApiCall.Post($"/api/v1/p2p/{id}/progress").With(new ReportTransferRequest { Received = received, Route = route }, HypersendJson.Wire.ReportTransferRequest), cancellation);

    /// <summary>One transfer of mine, from either side.</summary>
    [Call("GET", "/api/v1/p2p/{id}")]
    public Task<Transfer> GetAsync(TransferId id, CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get($"/api/v1/p2p/{id}"), HypersendJson.Wire.Transfer, cancellation);

    /// <summary>My transfers, the newest first.</summary>
    [Call("GET", "/api/v1/p2p/history")]
    public Task<Page<Transfer>> ListAsync(string? cursor = null, int? limit = null, CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get(Query.Page("/api/v1/p2p/history", cursor, limit)), HypersendJson.Wire.PageOfTransfers, cancellation);

    /// <summary>STUN and TURN servers, with credentials that end by themselves.</summary>
    [Call("GET", "/api/v1/p2p/ice")]
    public Task<IceServers> GetIceAsync(CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get("/api/v1/p2p/ice"), HypersendJson.Wire.IceServers, cancellation);

    /// <summary>Sends the bytes through the server's relay, over as many connections as it takes. The source is read where the other side asks.</summary>
    /// <exception cref="TransferEndedException">Cancelled, by either side or by time.</exception>
    public async Task SendAsync(TransferId id, Stream source, RelayOptions? options = null, CancellationToken cancellation = default)
    {
        try
        {
            await new RelaySender(LineTo("sender", id, options), source).RunAsync(cancellation);
        }
        catch (TransferEndedException)
        {
            // The line may have been lost with the word that it is done.
            if ((await GetAsync(id, cancellation)).State != TransferStates.Done)
                throw;
        }
    }

    /// <summary>Receives the bytes through the server's relay; every chunk is checked before it counts.</summary>
    /// <exception cref="TransferEndedException">Cancelled, by either side or by time.</exception>
    public async Task ReceiveAsync(TransferId id, Stream target, RelayOptions? options = null, CancellationToken cancellation = default)
    {
        using var receiver = new RelayReceiver(LineTo("receiver", id, options), new ReceivingStream(target));
        await receiver.RunAsync(cancellation);
    }

    /// <summary>
    /// Receives into a file of this machine. Until all is there it lies beside its place, with a note of what has come; another
    /// run, even of another process, checks that and goes on.
    /// </summary>
    /// <param name="transfer">What was offered.</param>
    /// <param name="path">Where it is to be.</param>
    /// <param name="replaces">Whether a file that is there already may go; else nothing is overwritten.</param>
    /// <param name="options">How this side behaves.</param>
    /// <param name="cancellation">Ends it; what is here stays for the next run.</param>
    /// <exception cref="TransferEndedException">Cancelled, by either side or by time.</exception>
    /// <exception cref="DiskException">There is no room for it here.</exception>
    public async Task ReceiveAsync(Transfer transfer, string path, bool replaces = false, RelayOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(transfer);
        var file = new FetchedFile { Filename = transfer.Filename, Size = transfer.Size, Sha256Root = null };
        using var place = await DownloadPlace.OpenAsync(Path.GetFullPath(path), new DownloadPlan(transfer.Id.ToString(), file, transfer.ChunkSize, etag: null), cancellation);
        using var receiver = new RelayReceiver(LineTo("receiver", transfer.Id, options), new ReceivingPlace(place, replaces));
        await receiver.RunAsync(cancellation);
    }

    private RelayLine LineTo(string side, TransferId id, RelayOptions? options)
    {
        if (options is { MustSeal: true, Live: null })
            throw new ArgumentException("Keys are agreed on over a live connection: Live is needed.", nameof(options));
        return new RelayLine(
            new UriBuilder(new Uri(_server, $"/api/v1/p2p/{side}/{id}")) { Scheme = _server.Scheme == Uri.UriSchemeHttps ? "wss" : "ws" }.Uri, id, _session, options ?? new RelayOptions(), _clock);
    }
}

/// <summary>How a side of the relay behaves.</summary>
public sealed record RelayOptions
{
    /// <summary>How long a lost connection waits for its successor.</summary>
    public TimeSpan Retry { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>What opens a socket to the address, when it is not the network itself.</summary>
    public Func<Uri, CancellationToken, Task<WebSocket>>? Connect { get; init; }

    /// <summary>
    /// A live connection of mine that was started. Over it keys are agreed on with the other side, and where that can do it too, the bytes are
    /// sealed, so that the server cannot read them. Without it they go as they are.
    /// </summary>
    public LiveClient? Live { get; init; }

    /// <summary>Waits for as long as it takes rather than send or take bytes that are not sealed.</summary>
    public bool MustSeal { get; init; }

    /// <summary>How long a receiver waits for the other side's key before it is taken for one that has none.</summary>
    public TimeSpan KeyWithin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Told when bytes are sealed: eight groups of digits, the same on both sides when nobody is in between.</summary>
    public IProgress<string>? Fingerprint { get; init; }

    /// <summary>Told after each chunk how many bytes are there.</summary>
    public IProgress<long>? Progress { get; init; }
}

/// <summary>The transfer is over, and not because it is done.</summary>
public sealed class TransferEndedException(string reason) : Exception($"The transfer has ended: {reason}.")
{
    /// <summary>The sender's file changed between two connections: the chunks that came are of no file that there ever was, and none of them counts.</summary>
    public const string FileChanged = "file_changed";

    /// <summary>Why, in a stable word.</summary>
    public string Reason => reason;
}
