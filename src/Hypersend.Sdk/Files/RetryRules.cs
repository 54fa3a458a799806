using System.Net;
using Hypersend.Contracts.Errors;

namespace Hypersend.Sdk.Files;

/// <summary>What a failure asks for.</summary>
internal enum NextStep
{
    /// <summary>Nothing that is repeated here can help.</summary>
    GiveUp,

    /// <summary>The line or the server was away: for as long as the patience lasts.</summary>
    Again,

    /// <summary>The bytes came to harm, or there is no room: a few times.</summary>
    AgainAFewTimes,

    /// <summary>The token is not good any more.</summary>
    RenewToken,
}

/// <summary>Which failures pass: a pure decision.</summary>
internal static class RetryRules
{
    public static NextStep Of(Exception failure) => failure switch
    {
        HypersendException refusal => Of(refusal),
        DamagedBytesException => NextStep.AgainAFewTimes,
        HttpRequestException or IOException or OperationCanceledException => NextStep.Again,
        _ => NextStep.GiveUp,
    };

    /// <summary>A request that was broken off because nothing moved is a fault of the line, not the wish of anybody.</summary>
    public static Exception Told(Exception failure, TransferOptions options, bool hasStalled) =>
        hasStalled && failure is OperationCanceledException ? new HttpRequestException($"nothing moved for {options.StallAfter.TotalSeconds:0} s", failure) : failure;

    /// <summary>Whether fewer requests at once could help: the line was away, nothing moved, or the server has no time.</summary>
    public static bool IsOfTheLine(Exception failure) => Of(failure) is NextStep.Again && failure is not HypersendException { Code: ErrorCodes.ChunkSuperseded };

    private static NextStep Of(HypersendException refusal) => refusal switch
    {
        { Status: (int)HttpStatusCode.Unauthorized } => NextStep.RenewToken,
        { Status: (int)HttpStatusCode.InsufficientStorage, Code: ErrorCodes.QuotaExceeded } => NextStep.GiveUp,
        { Status: (int)HttpStatusCode.InsufficientStorage } => NextStep.AgainAFewTimes,
        { Status: >= 500 or (int)HttpStatusCode.RequestTimeout or (int)HttpStatusCode.TooManyRequests } => NextStep.Again,
        { Code: ErrorCodes.ChunkSuperseded } => NextStep.Again,
        { Code: ErrorCodes.ChecksumMismatch or ErrorCodes.WrongLength or ErrorCodes.ChunksMissing } => NextStep.AgainAFewTimes,
        _ => NextStep.GiveUp,
    };
}

/// <summary>How long to wait before the next try.</summary>
internal sealed class Backoff(TransferOptions options)
{
    private int _failures;

    public TimeSpan Next(Exception failure)
    {
        var span = Math.Min(options.LongestRetry.TotalMilliseconds, options.FirstRetry.TotalMilliseconds * Math.Pow(2, Math.Min(_failures++, 30)));
        var wait = TimeSpan.FromMilliseconds(span * options.Chance());
        return failure is HypersendException { RetryAfter: { } told } && told > wait ? told : wait;
    }
}
