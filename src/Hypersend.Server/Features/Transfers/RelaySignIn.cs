using System.Buffers;
using System.Text.Json;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Realtime.Sockets;

namespace Hypersend.Server.Features.Transfers;

/// <summary>Who a side of a relay is: whom the request named, or whom its first frame names.</summary>
internal sealed class RelaySignIn(SocketSignIn signIn, TimeProvider clock)
{
    private const int LongestToken = 16 * 1024;

    private static readonly TimeSpan Within = TimeSpan.FromSeconds(5);

    /// <summary>Null when that is nobody.</summary>
    public async Task<SessionState?> FindAsync(RelaySide side, string? token, SessionState? known) =>
        token is not null ? await signIn.FindAsync(token, CancellationToken.None) : known ?? await ListenAsync(side);

    private async Task<SessionState?> ListenAsync(RelaySide side)
    {
        using var late = new CancellationTokenSource(Within, clock);
        try
        {
            while (true)
            {
                var read = await side.Input.ReadAsync(late.Token);
                if (TryTakeFirst(side, read.Buffer, out var token))
                    return token is null ? null : await signIn.FindAsync(token, late.Token);
                if (read.IsCompleted)
                    throw new IOException("The client went before it said who it is.");
            }
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>What follows the first frame is left for later.</summary>
    private static bool TryTakeFirst(RelaySide side, ReadOnlySequence<byte> bytes, out string? token)
    {
        token = null;
        var rest = bytes;
        while (side.Frames.TryTake(ref rest, out var frame))
        {
            if (frame.Kind is MessageKind.Ping or MessageKind.Pong)
                continue;
            token = frame.Kind == MessageKind.Text && frame.Length <= LongestToken ? TokenIn(frame) : null;
            side.Input.AdvanceTo(rest.Start);
            return true;
        }

        side.Input.AdvanceTo(rest.Start, bytes.End);
        return false;
    }

    private static string? TokenIn(in RelayFrame frame)
    {
        var text = new byte[frame.Length];
        frame.CopyTo(text);
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("type", out var type) && type.ValueEquals("auth")
                && json.RootElement.TryGetProperty("token", out var token) && token.ValueKind == JsonValueKind.String
                    ? token.GetString()
                    : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
