using System.Net.Http.Json;
using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Errors;

namespace Hypersend.Sdk.Calls;

/// <summary>Turns an answer that is no success into the exception that says so.</summary>
internal static class Problems
{
    public static async Task<HypersendException> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var problem = await ReadProblemAsync(answer, cancellation) ?? Foreign(answer);
        var retry = answer.Headers.RetryAfter;
        return new HypersendException(problem, retry?.Delta ?? (retry?.Date - answer.Headers.Date));
    }

    private static async Task<ApiProblem?> ReadProblemAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
            return null;
        try
        {
            return await answer.Content.ReadFromJsonAsync(HypersendJson.Wire.ApiProblem, cancellation);
        }
        catch (JsonException)
        {
            // It only claims to be a problem: it is answered like any other foreign answer.
            return null;
        }
    }

    private static ApiProblem Foreign(HttpResponseMessage answer)
    {
        var detail = $"{answer.RequestMessage?.Method} {answer.RequestMessage?.RequestUri?.AbsolutePath} was answered with {(int)answer.StatusCode} and no explanation";
        return new ApiProblem
        {
            Type = "about:blank",
            Title = answer.ReasonPhrase ?? "",
            Status = (int)answer.StatusCode,
            Code = HypersendException.ForeignAnswer,
            Detail = detail,
            Hint = "Check the address; a proxy may stand in between.",
            Hints = [],
            Error = detail,
            TraceId = "",
        };
    }
}
