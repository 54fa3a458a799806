using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;

namespace Hypersend.Sdk.Calls;

/// <summary>Sends one call and reads its answer; signed calls carry the session, renewed in time and once after a refusal.</summary>
internal sealed class ApiCaller(HttpClient http, SessionKeeper session)
{
    public bool IsSignedIn => session.Tokens is not null;

    /// <summary>The answer as JSON.</summary>
    public async Task<T> AskAsync<T>(ApiCall call, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using var answer = await SendAsync(call, cancellation);
        return await answer.Content.ReadFromJsonAsync(type, cancellation)
            ?? throw new InvalidOperationException($"{call.Method} {call.Path} was answered with null.");
    }

    /// <summary>A call whose answer has no body that matters.</summary>
    public async Task DoAsync(ApiCall call, CancellationToken cancellation) =>
        (await SendAsync(call, cancellation)).Dispose();

    /// <summary>The answer as it came, when it is a success or one of the statuses the call expects.</summary>
    public async Task<HttpResponseMessage> SendAsync(ApiCall call, CancellationToken cancellation)
    {
        var tokens = call.Signed ? await session.FreshAsync(cancellation) : null;
        var answer = await SendOnceAsync(call, tokens, cancellation);
        if (answer.StatusCode == HttpStatusCode.Unauthorized && tokens is not null
            && await session.ReplaceAsync(tokens, cancellation) is { } renewed)
        {
            answer.Dispose();
            answer = await SendOnceAsync(call, renewed, cancellation);
        }

        if (answer.IsSuccessStatusCode || call.Expects == answer.StatusCode)
            return answer;
        using (answer)
            throw await Problems.ReadAsync(answer, cancellation);
    }

    private async Task<HttpResponseMessage> SendOnceAsync(ApiCall call, SessionTokens? tokens, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(call.Method, call.Path) { Content = call.Body?.Invoke() };
        if ((tokens?.AccessToken ?? call.Bearer) is { } bearer)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        request.Headers.Range = call.Range;
        if (call.IfRange is { } tag)
            request.Headers.TryAddWithoutValidation("If-Range", tag);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(call.Patience);
        try
        {
            return await http.SendAsync(request, call.Streamed ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead, patience.Token);
        }
        catch (OperationCanceledException exception) when (patience.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new TaskCanceledException($"{call.Method} {call.Path} was not answered in time.", new TimeoutException(exception.Message, exception));
        }
    }
}
