using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Errors;
using Hypersend.Sdk;

namespace Hypersend.ServerTests.Fixture;

/// <summary>Asserts that a call was refused, with this status and this code, in the one shape every error has.</summary>
internal static class Refusals
{
    /// <summary>Null when it was acknowledged, else the code of the refusal.</summary>
    public static async Task<string?> CodeAsync(this Task call)
    {
        try
        {
            await call;
            return null;
        }
        catch (HypersendException refusal)
        {
            return refusal.Code;
        }
    }

    public static async Task<HypersendException> RefusedAsync(this Task call, int status, string code)
    {
        var refusal = await Assert.ThrowsAsync<HypersendException>(() => call);
        Assert.Equal((status, code), (refusal.Status, refusal.Code));
        return refusal;
    }

    public static async Task<ApiProblem> RefusedAsync(this Task<HttpResponseMessage> call, int status, string code)
    {
        using var answer = await call;
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode} instead of {status}: {body}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonSerializer.Deserialize(body, HypersendJson.Wire.ApiProblem)!;
        Assert.Equal((status, code), (problem.Status, problem.Code));
        Assert.Equal("urn:hypersend:error:" + code, problem.Type);
        Assert.NotEmpty(problem.Title);
        Assert.NotEmpty(problem.Hint);
        Assert.Equal([problem.Hint], problem.Hints);
        Assert.Equal(problem.Detail, problem.Error);
        Assert.Equal(Assert.Single(answer.Headers.GetValues("X-Request-Id")), problem.TraceId);
        return problem;
    }

    /// <summary>The answer was this success.</summary>
    public static async Task<HttpResponseMessage> AnsweredAsync(this Task<HttpResponseMessage> call, int status)
    {
        var answer = await call;
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode} instead of {status}: {await answer.Content.ReadAsStringAsync()}");
        return answer;
    }
}
