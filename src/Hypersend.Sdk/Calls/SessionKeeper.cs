using System.Net;
using System.Net.Http.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Accounts;

namespace Hypersend.Sdk.Calls;

/// <summary>
/// Holds the tokens and renews them. However many calls find them old at once, one renewal runs and all wait for it, also for
/// the telling: no call goes out with tokens that their keeper was not told of. A caller that gives up waiting does not stop it, for
/// its answer replaces the refresh token.
/// </summary>
internal sealed class SessionKeeper(HttpClient http, HypersendOptions options)
{
    private const string RefreshPath = "/api/v1/auth/refresh";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    private readonly Lock _guard = new();
    private SessionTokens? _tokens = options.Tokens;
    private Task<SessionTokens?>? _renewal;

    public event Action<SessionTokens?>? Changed;

    public SessionTokens? Tokens
    {
        get
        {
            lock (_guard)
                return _tokens;
        }
    }

    public void Use(SessionTokens? tokens)
    {
        lock (_guard)
        {
            if (_tokens == tokens)
                return;
            _tokens = tokens;
            _renewal = null;
        }

        Changed?.Invoke(tokens);
    }

    public void Use(SignedIn signedIn) => Use(From(signedIn));

    /// <summary>The tokens for the next call, renewed first when they are about to end.</summary>
    public async Task<SessionTokens?> FreshAsync(CancellationToken cancellation)
    {
        SessionTokens? tokens;
        lock (_guard)
        {
            tokens = _tokens;
            if (tokens is null || (_renewal is null && !IsAboutToEnd(tokens)))
                return tokens;
        }

        try
        {
            return await ReplaceAsync(tokens, cancellation) ?? tokens;
        }
        catch (Exception exception) when (exception is HttpRequestException or HypersendException && tokens.AccessExpiresAt > options.Clock.GetUtcNow())
        {
            // Nothing is lost yet: the old token still works, and the next call tries again.
            return tokens;
        }
    }

    /// <summary>Tokens other than <paramref name="old"/>, which no longer work; null when the session is over.</summary>
    public async Task<SessionTokens?> ReplaceAsync(SessionTokens old, CancellationToken cancellation)
    {
        Task<SessionTokens?> renewal;
        lock (_guard)
        {
            if (_renewal is null && _tokens != old)
                return _tokens;
            if (_renewal is null && old.RefreshToken is null)
                return null;
            renewal = _renewal ??= Task.Run(() => RenewAsync(old), CancellationToken.None);
        }

        return await renewal.WaitAsync(cancellation);
    }

    /// <summary>A renewal that somebody asked for.</summary>
    public async Task<SignedIn> RefreshAsync(string refreshToken, CancellationToken cancellation)
    {
        using var answer = await http.PostAsJsonAsync(
            RefreshPath, new RefreshRequest { RefreshToken = refreshToken }, HypersendJson.Wire.RefreshRequest, cancellation);
        if (!answer.IsSuccessStatusCode)
            throw await Problems.ReadAsync(answer, cancellation);
        return await answer.Content.ReadFromJsonAsync(HypersendJson.Wire.SignedIn, cancellation)
            ?? throw new InvalidOperationException("A refresh was answered with null.");
    }

    private async Task<SessionTokens?> RenewAsync(SessionTokens old)
    {
        SessionTokens? renewed;
        try
        {
            renewed = options.RenewalTurn is { } turn ? await turn(old, BuyAsync) : await BuyAsync(old);
        }
        catch
        {
            lock (_guard)
            {
                if (_tokens == old)
                    _renewal = null;
            }

            throw;
        }

        lock (_guard)
        {
            // Somebody signed in or out meanwhile: theirs is newer than ours.
            if (_tokens != old)
                return _tokens;
            _tokens = renewed;
        }

        try
        {
            Changed?.Invoke(renewed);
        }
        finally
        {
            lock (_guard)
            {
                if (_tokens == renewed)
                    _renewal = null;
            }
        }

        return renewed;
    }

    private bool IsAboutToEnd(SessionTokens tokens) =>
        tokens.RefreshToken is not null && tokens.AccessExpiresAt - options.RenewBefore <= options.Clock.GetUtcNow();

    /// <summary>New tokens for old ones; null when the session is over.</summary>
    private async Task<SessionTokens?> BuyAsync(SessionTokens old)
    {
        // Whoever waits for a renewal may hold a turn that others wait for, so it must not hang for ever.
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            return From(await RefreshAsync(old.RefreshToken!, patience.Token));
        }
        catch (HypersendException exception) when (exception.Status == (int)HttpStatusCode.Unauthorized)
        {
            return null;
        }
        catch (OperationCanceledException exception) when (patience.IsCancellationRequested)
        {
            throw new HttpRequestException("The renewal of the session was not answered in time.", exception);
        }
    }

    private SessionTokens From(SignedIn signedIn) => new()
    {
        AccessToken = signedIn.AccessToken,
        RefreshToken = signedIn.RefreshToken,
        AccessExpiresAt = options.Clock.GetUtcNow().AddSeconds(signedIn.ExpiresIn),
    };
}
