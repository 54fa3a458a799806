using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Errors;
using Microsoft.AspNetCore.Http.Metadata;

namespace Hypersend.Server.Platform.Problems;

/// <summary>The answer a failure becomes: problem details with the table's status, title and hint.</summary>
internal sealed class Problem(Failure failure) : IResult, IEndpointMetadataProvider
{
    public const string ContentType = "application/problem+json";

    public static implicit operator Problem(Failure failure) => new(failure);

    /// <summary>The errors of a call are documented once, by convention.</summary>
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status400BadRequest, typeof(ApiProblem), [ContentType]));

    public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, failure);

    public static Task WriteAsync(HttpContext context, Failure failure)
    {
        var row = ErrorTable.Of(failure.Code);
        var response = context.Response;
        response.StatusCode = row.Status;
        response.ContentType = ContentType;
        if (failure.RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        else if (row.Status == StatusCodes.Status503ServiceUnavailable)
            response.Headers.RetryAfter = "2";
        if (row.Status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "Bearer";
        var body = ToBody(failure, row, context.TraceIdentifier);
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : JsonSerializer.SerializeAsync(response.Body, body, HypersendJson.Wire.ApiProblem, context.RequestAborted);
    }

    public static ApiProblem ToBody(Failure failure, ErrorTable.Row row, string traceId)
    {
        var detail = failure.Detail ?? DetailOf(failure.Errors) ?? row.Title + ".";
        return new ApiProblem
        {
            Type = "urn:hypersend:error:" + failure.Code,
            Title = row.Title,
            Status = row.Status,
            Code = failure.Code,
            Detail = detail,
            Hint = failure.Hint ?? row.Hint,
            Hints = [failure.Hint ?? row.Hint],
            Errors = failure.Errors,
            Error = detail,
            TraceId = traceId,
            More = failure.More?.ToDictionary(),
        };
    }

    private static string? DetailOf(IReadOnlyDictionary<string, IReadOnlyList<string>>? errors) =>
        errors is null ? null : string.Join(' ', errors.Select(field => $"{field.Key} {string.Join(", ", field.Value)}."));
}
