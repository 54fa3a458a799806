using System.Net;
using System.Net.Http.Headers;
using Hypersend.ServerTests.Push;

namespace Hypersend.ServerTests.Fixture;

/// <summary>What one node did, and the others hear of a moment later.</summary>
internal static class Heard
{
    /// <summary>Returns when every node refuses this access token; the one that ended its session does so at once.</summary>
    public static async Task EndsEverywhereAsync(this App app, string token)
    {
        foreach (var node in Cluster.IsOn ? app.NodeAddresses : [])
            await Eventually.TrueAsync(() => IsRefusedAsync(app, node, token));
    }

    private static async Task<bool> IsRefusedAsync(App app, Uri node, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(node, "/api/v1/users/me"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await app.Http.SendAsync(request);
        return answer.StatusCode == HttpStatusCode.Unauthorized;
    }
}
