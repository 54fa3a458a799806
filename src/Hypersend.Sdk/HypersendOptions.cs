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
}
