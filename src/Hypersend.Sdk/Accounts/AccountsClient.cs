using System.Net;
using System.Net.Http.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Users;
using Hypersend.Sdk.Calls;

namespace Hypersend.Sdk.Accounts;

/// <summary>Who I am, and how I prove it.</summary>
public sealed partial class AccountsClient
{
    private readonly ApiCaller _caller;
    private readonly SessionKeeper _session;

    internal AccountsClient(ApiCaller caller, SessionKeeper session)
    {
        _caller = caller;
        _session = session;
    }

    /// <summary>Makes an account; from then on this client is signed in with it.</summary>
    /// <exception cref="ConfirmationNeededException">The server sent a mail first: go on with <see cref="ConfirmAsync"/>.</exception>
    [Call("POST", "/api/v1/auth/register")]
    public async Task<SignedIn> RegisterAsync(RegisterRequest request, CancellationToken cancellation = default)
    {
        var call = ApiCall.Post("/api/v1/auth/register").With(request, HypersendJson.Wire.RegisterRequest);
        using var answer = await _caller.SendAsync(call.Unsigned(), cancellation);
        if (answer.StatusCode == HttpStatusCode.Accepted)
            throw new ConfirmationNeededException((await answer.Content.ReadFromJsonAsync(HypersendJson.Wire.ConfirmationSent, cancellation))!);
        var signedIn = (await answer.Content.ReadFromJsonAsync(HypersendJson.Wire.SignedIn, cancellation))!;
        _session.Use(signedIn);
        return signedIn;
    }

    /// <summary>Goes on with a registration by the token of its mail; from then on this client is signed in.</summary>
    [Call("POST", "/api/v1/auth/confirm")]
    public Task<SignedIn> ConfirmAsync(ConfirmRequest request, CancellationToken cancellation = default) =>
        SignInAsync(ApiCall.Post("/api/v1/auth/confirm").With(request, HypersendJson.Wire.ConfirmRequest), cancellation);

    /// <summary>Signs this client in.</summary>
    [Call("POST", "/api/v1/auth/login")]
    public Task<SignedIn> LoginAsync(LoginRequest request, CancellationToken cancellation = default) =>
        SignInAsync(ApiCall.Post("/api/v1/auth/login").With(request, HypersendJson.Wire.LoginRequest), cancellation);

    /// <summary>Changes the refresh token for a new pair now. Nobody needs to: every call does it in time.</summary>
    [Call("POST", "/api/v1/auth/refresh")]
    public async Task<SignedIn> RefreshAsync(CancellationToken cancellation = default)
    {
        var token = _session.Tokens?.RefreshToken ?? throw new InvalidOperationException("Nobody is signed in, so there is nothing to renew.");
        var signedIn = await _session.RefreshAsync(token, cancellation);
        _session.Use(signedIn);
        return signedIn;
    }

    /// <summary>Ends this session and forgets its tokens, even when the server does not know it any more.</summary>
    [Call("POST", "/api/v1/auth/logout")]
    public async Task LogoutAsync(CancellationToken cancellation = default)
    {
        if (_session.Tokens is not { } tokens)
            return;

        // Signed by hand: an old token is good enough to end its own session, and must not be renewed for it.
        var call = ApiCall.Post("/api/v1/auth/logout").Unsigned().With(
            new RefreshRequest { RefreshToken = tokens.RefreshToken }, HypersendJson.Wire.RefreshRequest);
        await _caller.DoAsync(call with { Bearer = tokens.AccessToken }, cancellation);
        _session.Use((SessionTokens?)null);
    }

    /// <summary>Ends all my sessions, this one too.</summary>
    [Call("POST", "/api/v1/auth/logout-all")]
    public async Task LogoutAllAsync(CancellationToken cancellation = default)
    {
        await _caller.DoAsync(ApiCall.Post("/api/v1/auth/logout-all"), cancellation);
        _session.Use((SessionTokens?)null);
    }

    /// <summary>Who I am.</summary>
    [Call("GET", "/api/v1/auth/me")]
    public Task<User> GetMeAsync(CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get("/api/v1/auth/me"), HypersendJson.Wire.User, cancellation);

    /// <summary>Where I am signed in.</summary>
    [Call("GET", "/api/v1/auth/sessions")]
    public Task<Page<Session>> ListSessionsAsync(CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Get("/api/v1/auth/sessions"), HypersendJson.Wire.PageOfSessions, cancellation);

    /// <summary>Ends one of my sessions.</summary>
    [Call("DELETE", "/api/v1/auth/sessions/{id}")]
    public Task EndSessionAsync(SessionId id, CancellationToken cancellation = default) =>
        _caller.DoAsync(ApiCall.Delete($"/api/v1/auth/sessions/{id}"), cancellation);

    /// <summary>A ticket that opens one socket within its few seconds.</summary>
    [Call("POST", "/api/v1/auth/ws-ticket")]
    public Task<SocketTicket> GetSocketTicketAsync(CancellationToken cancellation = default) =>
        _caller.AskAsync(ApiCall.Post("/api/v1/auth/ws-ticket"), HypersendJson.Wire.SocketTicket, cancellation);

    private async Task<SignedIn> SignInAsync(ApiCall call, CancellationToken cancellation)
    {
        var signedIn = await _caller.AskAsync(call.Unsigned(), HypersendJson.Wire.SignedIn, cancellation);
        _session.Use(signedIn);
        return signedIn;
    }
}
