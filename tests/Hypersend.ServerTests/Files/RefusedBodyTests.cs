using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Files;

/// <summary>A client that stops sending when it is refused waits for the end of the answer; one that does not is let finish.</summary>
public sealed class RefusedBodyTests(App app) : IClassFixture<App>
{
    private const int Length = 2 * 1024 * 1024;
    private const string Nowhere = "019aa5c2-f3c8-7d0c-9a51-f6d7a1b2c3d4";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("PUT", $"/api/v1/files/{Nowhere}/chunk?chunk_index=0", true, 404)]
    [InlineData("PUT", $"/api/v1/files/{Nowhere}/chunk?chunk_index=0", false, 401)]
    [InlineData("PUT", $"/api/v1/files/{Nowhere}/chunk", true, 422)]
    [InlineData("PATCH", $"/api/v1/tus/{Nowhere}", true, 412)]
    [InlineData("POST", "/api/upload-file", false, 401)]
    [InlineData("POST", "/api/v1/messages", true, 413)]
    public async Task The_answer_is_whole_before_the_rest_of_the_body_and_the_connection_lives_on(string method, string path, bool isSignedIn, int status)
    {
        var ana = await app.SignUpAsync("ana");
        using var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(app.Address.Host, app.Address.Port, TestContext.Current.CancellationToken);
        var stream = tcp.GetStream();
        var authorization = isSignedIn ? $"Authorization: Bearer {ana.AccessToken}\r\n" : "";
        var length = status == 413 ? 4 * Length : Length;
        await SayAsync(stream, $"{method} {path} HTTP/1.1\r\nHost: {app.Address.Authority}\r\n{authorization}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n");
        await stream.WriteAsync(new byte[65_536], TestContext.Current.CancellationToken);

        // The body stops here until the answer is there.
        var answer = await AnswerAsync(stream).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\"", answer, StringComparison.Ordinal);

        // nginx takes the rest of the body too, and then no other request.
        if (Cluster.IsOn)
            return;
        await stream.WriteAsync(new byte[length - 65_536], TestContext.Current.CancellationToken);
        await SayAsync(stream, $"GET /api/v1/server HTTP/1.1\r\nHost: {app.Address.Authority}\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", await AnswerAsync(stream), StringComparison.Ordinal);
    }

    private static async Task SayAsync(NetworkStream stream, string head) => await stream.WriteAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);

    /// <summary>Head and body, as the length or the last chunk tells.</summary>
    private static async Task<string> AnswerAsync(NetworkStream stream)
    {
        var said = new StringBuilder();
        var one = new byte[1];
        while (!IsWhole(said.ToString()))
        {
            await stream.ReadExactlyAsync(one, TestContext.Current.CancellationToken);
            said.Append((char)one[0]);
        }

        return said.ToString();
    }

    private static bool IsWhole(string said)
    {
        const string end = "\r\n\r\n";
        var head = said.IndexOf(end, StringComparison.Ordinal);
        if (head < 0)
            return false;
        var length = said[..head].Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal));
        return length is null
            ? said.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal)
            : said.Length == head + end.Length + int.Parse(length["Content-Length: ".Length..], CultureInfo.InvariantCulture);
    }
}
