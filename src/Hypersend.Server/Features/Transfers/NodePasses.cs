using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Secrets;

namespace Hypersend.Server.Features.Transfers;

/// <summary>
/// What a node shows another that has the relay: a session wants in as one side of one transfer. Good at that node alone, and
/// for a minute; only who has the nodes' key can make one.
/// </summary>
internal sealed class NodePasses(KeyRing keys, TransferOptions options, TimeProvider clock)
{
    public const string Header = "Hypersend-Node";

    private const string Purpose = "relay-nodes";

    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(1);

    public string Make(string node, TransferId transfer, RelayRole role, SessionId session)
    {
        var until = (clock.GetUtcNow() + GoodFor).ToUnixTimeSeconds();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{session}.{until}.{Base64Url.EncodeToString(Sign(keys.Derive(Purpose), node, transfer, role, session, until))}");
    }

    /// <summary>Whose session it is; null when it is not good here, now, for this side.</summary>
    public SessionId? Read(string? pass, TransferId transfer, RelayRole role)
    {
        if (options.NodeUrl is not { } here || pass?.Split('.') is not [var session, var time, var signature])
            return null;
        var now = clock.GetUtcNow();
        if (!long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var until)
            || until < now.ToUnixTimeSeconds() || until > (now + GoodFor + GoodFor).ToUnixTimeSeconds() || !Base64Url.IsValid(signature))
        {
            return null;
        }

        var id = IdText.Read<SessionId>(session);
        var given = Base64Url.DecodeFromChars(signature);
        return keys.DeriveAll(Purpose).Any(key => CryptographicOperations.FixedTimeEquals(Sign(key, here, transfer, role, id, until), given)) ? id : null;
    }

    private static byte[] Sign(SigningKey key, string node, TransferId transfer, RelayRole role, SessionId session, long until) => HMACSHA256.HashData(
        key.Secret, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{node} {transfer} {role} {session} {until}")));
}
