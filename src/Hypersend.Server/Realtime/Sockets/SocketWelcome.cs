using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Realtime;
using Hypersend.Contracts.Users;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform.Auth;

namespace Hypersend.Server.Realtime.Sockets;

/// <summary>The first thing a socket hears: who it is, and whether its cursors still mean something.</summary>
internal sealed class SocketWelcome(IUserStore users, PresenceTable presence, Epoch epoch, TimeProvider clock)
{
    public async Task<byte[]> WriteAsync(SessionState session, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var profile = await users.FindAsync(session.UserId, session.UserId, cancellation)
            ?? throw new InvalidOperationException("A session has a user.");
        var welcome = new Welcome
        {
            User = UserRules.Present(profile, new Viewer(session.UserId, session.Role == Roles.Admin), presence, withRelation: true),
            SessionId = session.Id,
            ServerTime = now,
            HeartbeatS = SocketWheel.HeartbeatSeconds,
            Epoch = await epoch.ReadAsync(cancellation),
        };
        return JsonSerializer.SerializeToUtf8Bytes(welcome, HypersendJson.Wire.Welcome);
    }
}
