using System.Text.Json;
using System.Text.RegularExpressions;
using Hypersend.Contracts.Errors;
using Hypersend.Server.Platform.Http;
using Hypersend.Server.Platform.Settings;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace Hypersend.Server.Platform.Problems;

/// <summary>The last door: bad requests the framework threw, engines that are away, and bugs.</summary>
internal sealed partial class ExceptionAnswers(ServerOptions options, ILogger<ExceptionAnswers> log) : IExceptionHandler
{
    // Nobody hears it; it is what the logs and the figures say, as nginx does.
    private const int ClientGone = 499;

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (IsGone(httpContext, exception))
        {
            httpContext.Response.StatusCode = ClientGone;
            return true;
        }

        // The framework has emptied the answer, the headers that every answer carries among the rest.
        RequestIds.Write(httpContext);
        SecurityHeaders.Write(httpContext, options);
        try
        {
            await Problem.WriteAsync(httpContext, ToFailure(httpContext, exception));
        }
        catch (OperationCanceledException) when (httpContext.RequestAborted.IsCancellationRequested)
        {
            // Who asked has gone in the meantime.
            if (!httpContext.Response.HasStarted)
                httpContext.Response.StatusCode = ClientGone;
        }

        return true;
    }

    // Who reads the body may hear that the line broke before the request is told that it was aborted.
    private static bool IsGone(HttpContext context, Exception exception) =>
        context.RequestAborted.IsCancellationRequested || exception is ConnectionResetException or ConnectionAbortedException;

    private Failure ToFailure(HttpContext context, Exception exception)
    {
        switch (exception)
        {
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return BodyLimits.TooLarge(context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize ?? 0);
            case BadHttpRequestException { InnerException: JsonException json }:
                return new Failure(ErrorCodes.MalformedBody, Describe(json));
            case BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } bad:
                return IsAboutBody(bad) ? new Failure(ErrorCodes.MalformedBody) : MalformedRequest(bad);
            case BadHttpRequestException bad:
                return new Failure(ErrorTable.CodeOf(bad.StatusCode));
            case var engine when EngineFailures.Of(engine) is { } failure:
                LogEngine(engine);
                return failure;
            default:
                Broke(log, exception, context.TraceIdentifier);
                return new Failure(ErrorCodes.InternalError);
        }
    }

    private void LogEngine(Exception exception)
    {
        if (exception is EngineUnavailableException away)
            EngineAway(log, away, away.Engine);
        else if (exception is OutcomeUnknownException)
            OutcomeUnknown(log, exception);
        else if (exception is StorageFullException)
            StorageFull(log, exception);
        else if (exception is DamagedBytesException)
            Damaged(log, exception);
    }

    // JsonException's own message names our types; where it happened is all a caller needs.
    private static string Describe(JsonException json) =>
        $"The JSON cannot be read at {json.Path ?? "$"} (line {json.LineNumber + 1}, byte {json.BytePositionInLine}).";

    private static bool IsAboutBody(BadHttpRequestException bad) =>
        bad.Message.Contains("body", StringComparison.OrdinalIgnoreCase) || bad.Message.Contains("JSON", StringComparison.OrdinalIgnoreCase);

    // The framework names the parameter as our code does, between its type and what was sent for it.
    private static Failure MalformedRequest(BadHttpRequestException bad) => NamedParameter().Match(bad.Message) is { Success: true } named
        ? Failure.OfField(ErrorCodes.MalformedRequest, JsonNamingPolicy.SnakeCaseLower.ConvertName(named.Groups["name"].Value), "is missing or cannot be read")
        : new Failure(ErrorCodes.MalformedRequest);

    [GeneratedRegex("parameter \"(?:[^\"]* )?(?<name>\\w+)\"", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NamedParameter();

    [LoggerMessage(1, LogLevel.Warning, "The {Engine} was away; a request was answered with 503")]
    private static partial void EngineAway(ILogger log, Exception exception, string engine);

    [LoggerMessage(2, LogLevel.Error, "A commit was sent and not answered")]
    private static partial void OutcomeUnknown(ILogger log, Exception exception);

    [LoggerMessage(3, LogLevel.Error, "No space was left; a request was answered with 507")]
    private static partial void StorageFull(ILogger log, Exception exception);

    [LoggerMessage(5, LogLevel.Error, "Stored bytes are damaged; a request was answered with 500")]
    private static partial void Damaged(ILogger log, Exception exception);

    [LoggerMessage(4, LogLevel.Error, "Request {TraceId} broke")]
    private static partial void Broke(ILogger log, Exception exception, string traceId);
}
