using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Realtime;
using Hypersend.Contracts.Transfers;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Health;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime.Sockets;

namespace Hypersend.Server.Features.Transfers;

/// <summary>Lets the two sides of a transfer in: signed in like the live socket, and one of the two. Other nodes may bring them.</summary>
internal sealed class RelayDoor(
    Relays relays, RelayPassage passage, NodePasses passes, ITransferStore store, RelaySignIn signIn, SessionCache sessions, OwnOrigin origins, HealthState health,
    TimeProvider clock)
{
    private const int StreamBuffer = 64 * 1024;

    private static readonly TimeSpan ComeBackAfter = TimeSpan.FromSeconds(2);

    public Task EnterAsSenderAsync(HttpContext context) => EnterAsync(context, RelayRole.Sender);

    public Task EnterAsReceiverAsync(HttpContext context) => EnterAsync(context, RelayRole.Receiver);

    public Task PassInAsSenderAsync(HttpContext context) => PassInAsync(context, RelayRole.Sender);

    public Task PassInAsReceiverAsync(HttpContext context) => PassInAsync(context, RelayRole.Receiver);

    private async Task EnterAsync(HttpContext context, RelayRole role)
    {
        if (RefusalOf(context) is { } refusal)
        {
            await Problem.WriteAsync(context, refusal);
            return;
        }

        var id = IdOf(context);
        var token = SocketHandshake.TokenOf(context.Request) ?? context.Request.Query["token"].FirstOrDefault();
        var known = Caller.Of(context)?.Session;
        await TakeInAsync(context, side => ServeAsync(side, id, role, () => signIn.FindAsync(side, token, known), isPassedOn: false));
    }

    /// <summary>A side that reached another node. To anybody but a node there is nothing here.</summary>
    private async Task PassInAsync(HttpContext context, RelayRole role)
    {
        var id = IdOf(context);
        if (passes.Read(context.Request.Headers[NodePasses.Header].FirstOrDefault(), id, role) is not { } session)
            await Problem.WriteAsync(context, new Failure(ErrorCodes.NotFound));
        else if (RefusalOf(context) is { } refusal)
            await Problem.WriteAsync(context, refusal);
        else
            await TakeInAsync(context, side => ServeAsync(side, id, role, () => sessions.FindAsync(session, side.Gone).AsTask(), isPassedOn: true));
    }

    // No limit on how long it may take nothing: a receiver who does not read for minutes is only slow.
    private static async Task TakeInAsync(HttpContext context, Func<RelaySide, Task> serve)
    {
        var stream = await SocketHandshake.AcceptAsync(context);
        if (SocketHandover.Of(context) is { } handover)
            handover.Take(() => RunAsync(new RelaySide(handover.Pipes, handover.Abort), serve));
        else
            await RunAsync(new RelaySide(new StreamPipes(stream, StreamBuffer), context.Abort), serve);
    }

    private static async Task RunAsync(RelaySide side, Func<RelaySide, Task> serve)
    {
        using (side)
        {
            try
            {
                await serve(side);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException)
            {
                // The client went without a word.
            }
            catch (Exception exception) when (EngineFailures.Of(exception) is not null)
            {
                // It cannot be told who it is, or what became of it. The client has nothing to do but to come back.
                side.Close(CloseCodes.Restarting, SocketDrain.ComeBackIn(ComeBackAfter));
            }
            finally
            {
                await side.EndAsync();
            }
        }
    }

    private async Task ServeAsync(RelaySide side, TransferId id, RelayRole role, Func<Task<SessionState?>> find, bool isPassedOn)
    {
        side.Session = await find();
        if (side.Session is not { } session)
        {
            await PartAsync(side, RelayWords.NotAuthenticated, ErrorCodes.NotAuthenticated);
            return;
        }

        if (await store.FindAsync(id, session.UserId, CancellationToken.None) is not { } transfer)
        {
            // A party of none of it: whether it exists they are told by the code alone, as the ids are not to be guessed.
            var isThere = await store.FindStateAsync(id, CancellationToken.None) is not null;
            await PartAsync(side, isThere ? RelayWords.NotAParty : RelayWords.Unknown, isThere ? ErrorCodes.Forbidden : ErrorCodes.NotFound);
            return;
        }

        if (session.UserId != (role == RelayRole.Sender ? transfer.SenderId : transfer.ReceiverId))
        {
            await PartAsync(side, RelayWords.NotAParty, ErrorCodes.Forbidden);
            return;
        }

        if (!transfer.IsOpen || transfer.ExpiresAt <= clock.GetUtcNow())
        {
            await PartAsync(side, RelayWords.Unknown, ErrorCodes.TransferEnded);
            return;
        }

        if (role == RelayRole.Receiver)
            transfer = await relays.AcceptAsync(transfer, CancellationToken.None);
        if (isPassedOn ? await TrySendBackAsync(side, id) : await passage.TryServeAsync(side, id, role, session.Id))
            return;
        await relays.ServeAsync(transfer, role, side);
    }

    /// <summary>Whoever brought it looked a moment ago: when the relay is elsewhere now, it is looked for again from there, and not from node to node.</summary>
    private async Task<bool> TrySendBackAsync(RelaySide side, TransferId id)
    {
        if (await passage.IsHereAsync(id, side.Gone))
            return false;
        side.Close(CloseCodes.Restarting, SocketDrain.ComeBackIn(ComeBackAfter));
        await side.DropRestAsync();
        return true;
    }

    /// <summary>Says why in words and in a code, and gives the client a moment to read it.</summary>
    private static async Task PartAsync(RelaySide side, int code, string reason)
    {
        side.Part(code, reason);
        await side.DropRestAsync();
    }

    private static TransferId IdOf(HttpContext context) => IdText.Read<TransferId>(context.Request.RouteValues["id"] as string);

    private Failure? RefusalOf(HttpContext context)
    {
        var request = context.Request;
        if (!SocketHandshake.IsAskedFor(context))
        {
            context.Response.Headers.Upgrade = "websocket";
            context.Response.Headers.SecWebSocketVersion = SocketHandshake.Version;
            return new Failure(ErrorCodes.UpgradeRequired);
        }

        if (health.Draining)
            return new Failure(ErrorCodes.Unavailable, "The server is stopping.");
        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0 && !origins.Matches(request, origin) ? new Failure(ErrorCodes.CrossSite) : null;
    }
}
