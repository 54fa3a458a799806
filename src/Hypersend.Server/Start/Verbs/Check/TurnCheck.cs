using System.Globalization;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Text;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Transfers;
using Hypersend.Server.Features.Transfers;

namespace Hypersend.Server.Start.Verbs.Check;

/// <summary>Each STUN server says who we are, and each TURN server gives us an address for the credentials that browsers get.</summary>
internal sealed class TurnCheck : ICheck
{
    private const string TurnFix =
        "Look at TURN_URLS, whether coturn runs (use-auth-secret), and whether a firewall lets its port and its relay ports through.";

    private const string SecretFix = "TURN_SECRET must be coturn's static-auth-secret, and both clocks must agree: the credentials hold a time.";

    public string Name => "turn";

    public string Fix => TurnFix;

    public async IAsyncEnumerable<Finding> LookAsync(Site site, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var options = site.Get<TransferOptions>();
        if (options.StunUrls.Count + options.TurnUrls.Count == 0)
        {
            yield return Finding.Ok("turn", "none is set: what finds no direct line goes through this server");
            yield break;
        }

        // Less than the whole, so that each that is silent is named.
        var patience = site.Patience.Whole * 0.6;
        var turn = site.Get<IceCredentials>().For(new UserId(Guid.Empty)).Servers.FirstOrDefault(server => server.Username is not null);
        var looks = options.StunUrls.Select(url => StunAsync(url, patience, cancellation)).Concat(options.TurnUrls.Select(url => TurnAsync(url, turn!, patience, cancellation))).ToList();
        foreach (var look in looks)
            yield return await look;
    }

    private static Task<Finding> StunAsync(string text, TimeSpan patience, CancellationToken cancellation) => WithinAsync(
        "turn.stun",
        text,
        async (talk, end) =>
        {
            var answer = await talk.AskAsync(StunMessage.Write(StunMessage.Binding, []), end);
            return answer.Type == StunMessage.BindingSucceeded ? Finding.Ok("turn.stun", $"{text} answers") : Finding.Wrong("turn.stun", Refusal(text, answer), TurnFix);
        },
        patience,
        cancellation);

    private static Task<Finding> TurnAsync(string text, IceServer credentials, TimeSpan patience, CancellationToken cancellation) => WithinAsync(
        "turn.relay",
        text,
        async (talk, end) =>
        {
            // The first one is always refused, and says in whose realm.
            (ushort, byte[]) udp = (StunMessage.RequestedTransport, [17, 0, 0, 0]);
            var challenge = await talk.AskAsync(StunMessage.Write(StunMessage.Allocate, [udp]), end);
            if (!challenge.Attributes.TryGetValue(StunMessage.Realm, out var realm) || !challenge.Attributes.TryGetValue(StunMessage.Nonce, out var nonce))
                return Finding.Wrong("turn.relay", Refusal(text, challenge), "It wants no credentials, or is no TURN server. Start coturn with use-auth-secret and a realm.");
            var (name, key) = (Encoding.UTF8.GetBytes(credentials.Username!), StunMessage.KeyOf(credentials.Username!, realm, credentials.Credential!));
            var request = StunMessage.Write(StunMessage.Allocate, [udp, (StunMessage.UserName, name), (StunMessage.Realm, realm), (StunMessage.Nonce, nonce)], key);
            var answer = await talk.AskAsync(request, end);
            return answer.Type == StunMessage.AllocateSucceeded
                ? Finding.Ok("turn.relay", $"{text} gives an address for our credentials")
                : Finding.Wrong("turn.relay", Refusal(text, answer), answer.Error == 401 ? SecretFix : TurnFix);
        },
        patience,
        cancellation);

    private static string Refusal(string url, StunMessage answer) => string.Create(CultureInfo.InvariantCulture, $"{url} refuses with {answer.Error}");

    private static async Task<Finding> WithinAsync(string name, string text, Func<StunTalk, CancellationToken, Task<Finding>> ask, TimeSpan patience, CancellationToken cancellation)
    {
        if (StunUrl.Parse(text) is not { } url)
            return Finding.Wrong(name, $"{text} is no address of such a server", "Write turn:host:port?transport=udp, turns:host:port?transport=tcp or stun:host:port.");
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        end.CancelAfter(patience);
        await using var talk = new StunTalk(url);
        try
        {
            await talk.ConnectAsync(end.Token);
            return await ask(talk, end.Token);
        }
        catch (Exception exception) when (exception is SocketException or IOException or AuthenticationException)
        {
            return Finding.Wrong(name, $"{text}: {Words.Of(exception)}", TurnFix);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Finding.Wrong(name, $"{text} does not answer within {patience.TotalSeconds:0} s", TurnFix);
        }
    }
}
