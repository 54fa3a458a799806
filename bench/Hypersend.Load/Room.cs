using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Hypersend.Load;

/// <summary>Chats made through the server's interface, as any client would.</summary>
internal static class Room
{
    private const int JoinsAtOnce = 64;

    /// <summary>A room with a crowd in it: its first member made it, the others joined.</summary>
    public static async Task<(Crowd Crowd, string ChatId)> FillAsync(ServerProcess server, int people)
    {
        // The first account is the admin's; a crowd has none.
        await server.SignUpAsync("admin");
        var crowd = await Crowd.GatherAsync(server, people);
        var chat = await MakeAsync(server, crowd.Tokens[0], """{"type":"room","name":"Harbour","public":true}""");
        await Parallel.ForEachAsync(
            crowd.Tokens.Skip(1), new ParallelOptions { MaxDegreeOfParallelism = JoinsAtOnce },
            async (token, cancellation) => await PostAsync(server, $"/api/v1/chats/{chat}/join", token, "{}", cancellation));
        return (crowd, chat);
    }

    /// <summary>Makes a chat and returns its id.</summary>
    public static async Task<string> MakeAsync(ServerProcess server, string token, string request)
    {
        using var answer = JsonDocument.Parse(await PostAsync(server, "/api/v1/chats", token, request, CancellationToken.None));
        return answer.RootElement.GetProperty("id").GetString()!;
    }

    public static async Task<string> PostAsync(ServerProcess server, string path, string token, string json, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await server.Http.SendAsync(request, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        return answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.NoContent
            ? text
            : throw new InvalidOperationException($"POST {path} answered {answer.StatusCode}: {text}");
    }
}
