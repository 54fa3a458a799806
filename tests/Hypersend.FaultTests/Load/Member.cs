using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Ids;
using Hypersend.FaultTests.Histories;
using Hypersend.Sdk;
using Hypersend.Sdk.Realtime;

namespace Hypersend.FaultTests.Load;

/// <summary>Somebody with an account, whose every request goes to whichever node is next.</summary>
internal sealed class Member : IDisposable
{
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(30);

    // Whoever waits for longer than this hangs up and asks again: nobody may have heard, and nobody will say so.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Balancer _balancer;
    private readonly HistoryRecorder _history;
    private readonly HttpMessageHandler _handler;

    private Member(Balancer balancer, HistoryRecorder history, string name)
    {
        (_balancer, _history, Name) = (balancer, history, name);
        _handler = balancer.Handler();
        Client = new HypersendClient(balancer.Address, new HypersendOptions { Handler = _handler });
    }

    public string Name { get; }

    public UserId Id { get; private set; }

    public HypersendClient Client { get; }

    public static async Task<Member> SignUpAsync(Balancer balancer, HistoryRecorder history, string name)
    {
        var member = new Member(balancer, history, name);
        var signedIn = await member.Client.Accounts.RegisterAsync(new RegisterRequest { Username = name, Email = name + "@example.org", Password = "a long password of " + name });
        member.Id = signedIn.User.Id;
        return member;
    }

    /// <summary>A live connection that comes back quickly.</summary>
    public LiveClient Live() => Client.Live(new LiveOptions { FirstRetry = TimeSpan.FromMilliseconds(100), LongestRetry = TimeSpan.FromSeconds(1), Connect = _balancer.ConnectAsync });

    /// <summary>
    /// Asks until there is an answer that is one: a line that breaks and a server that says "not now" are asked again, as every client
    /// does. Null when the server said no.
    /// </summary>
    public async Task<T?> PersistAsync<T>(Func<CancellationToken, Task<T>> ask, Func<bool>? isEnough = null)
        where T : class
    {
        while (isEnough?.Invoke() != true)
        {
            try
            {
                using var patience = new CancellationTokenSource(Patience);
                return await ask(patience.Token);
            }
            catch (HypersendException refusal) when (refusal.Status < 500)
            {
                // Nothing that is asked for here may be refused.
                _history.NoteUnseemly($"{refusal.Status} {refusal.Code}: {refusal.Message}");
                return null;
            }
            catch (HypersendException refusal)
            {
                // What clients are promised of a server that is badly off, and nothing else.
                if (refusal is not { Status: 503, RetryAfter: not null })
                    _history.NoteUnseemly($"{refusal.Status} {refusal.Code}: {refusal.Message}");
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
            {
                // The line broke: nobody knows what became of it.
            }

            await Task.Delay(Breath);
        }

        return null;
    }

    public void Dispose()
    {
        Client.Dispose();
        _handler.Dispose();
    }
}
