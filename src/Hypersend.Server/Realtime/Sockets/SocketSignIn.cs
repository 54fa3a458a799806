using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Accounts;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Auth.Jwt;

namespace Hypersend.Server.Realtime.Sockets;

/// <summary>Who a token or a ticket belongs to.</summary>
internal sealed class SocketSignIn(AccessTokens tokens, SocketTickets tickets, SessionCache sessions)
{
    /// <summary>Null when it is not good, or its session has ended.</summary>
    public async ValueTask<SessionState?> FindAsync(string token, CancellationToken cancellation)
    {
        SessionId id;
        if (tokens.TryRead(token, out var claims))
            id = new SessionId(claims!.SessionId);
        else if (await tickets.RedeemAsync(token, cancellation) is { } redeemed)
            id = redeemed;
        else
            return null;
        var session = await sessions.FindAsync(id, cancellation);
        if (session is not null)
            sessions.Used(session);
        return session;
    }
}
