namespace Hypersend.Sdk;

/// <summary>How a client is made.</summary>
public sealed record HypersendOptions
{
    /// <summary>What carries the requests, when it is not the network; the caller disposes it.</summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>The clock that says when the access token ends.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Tokens that were kept from an earlier run.</summary>
    public SessionTokens? Tokens { get; init; }

    /// <summary>How long before its end the access token is renewed.</summary>
    public TimeSpan RenewBefore { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Stands around each renewal, where several processes share one sign-in: it is given the tokens that are old and what
    /// buys new ones for those it is handed (null when the session is over), and answers with the tokens to go on with. It
    /// takes its turn among the processes, sees whether another one has renewed them, and keeps what was bought.
    /// </summary>
    public Func<SessionTokens, Func<SessionTokens, Task<SessionTokens?>>, Task<SessionTokens?>>? RenewalTurn { get; init; }
}
