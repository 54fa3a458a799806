using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Features.Accounts;

/// <summary>
/// A ticket opens one socket within 30 seconds, for clients that can only put it into an address. It is signed, so that
/// making one costs no write; using it up is the one row.
/// </summary>
internal sealed class SocketTickets(KeyRing keys, ISessionStore sessions, TimeProvider clock)
{
    public const int LifetimeSeconds = 30;

    private const int NonceAt = 24;
    private const int TagAt = 40;
    private const int Length = 72;

    private readonly IReadOnlyList<SigningKey> _keys = keys.DeriveAll("socket-ticket");

    public string Issue(SessionId session)
    {
        Span<byte> ticket = stackalloc byte[Length];
        session.Value.TryWriteBytes(ticket, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(ticket[16..], clock.GetUtcNow().AddSeconds(LifetimeSeconds).ToUnixTimeMilliseconds());
        RandomNumberGenerator.Fill(ticket[NonceAt..TagAt]);
        HMACSHA256.HashData(_keys[0].Secret, ticket[..TagAt], ticket[TagAt..]);
        return Base64Url.EncodeToString(ticket);
    }

    /// <summary>The session that asked for the ticket, the first time it is shown; null after that, or when it is not ours or too old.</summary>
    public async Task<SessionId?> RedeemAsync(string text, CancellationToken cancellation)
    {
        var ticket = new byte[Length];
        if (text.Length != Base64Url.GetEncodedLength(Length) || !StrictBase64Url.TryDecode(text, ticket, out _) || !IsOurs(ticket))
            return null;
        var expiresAt = DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(ticket.AsSpan(16)));
        if (expiresAt <= clock.GetUtcNow() || !await sessions.SpendTicketAsync(ticket[NonceAt..TagAt], expiresAt, cancellation))
            return null;
        return new SessionId(new Guid(ticket.AsSpan(0, 16), bigEndian: true));
    }

    private bool IsOurs(ReadOnlySpan<byte> ticket)
    {
        Span<byte> tag = stackalloc byte[HMACSHA256.HashSizeInBytes];
        foreach (var key in _keys)
        {
            HMACSHA256.HashData(key.Secret, ticket[..TagAt], tag);
            if (CryptographicOperations.FixedTimeEquals(tag, ticket[TagAt..]))
                return true;
        }

        return false;
    }
}
