using System.Net.Sockets;
using System.Text;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Hostile;

/// <summary>
/// Requests whose end two readers would find at different places, and other heads that no honest client writes. Each is followed by a
/// second request, which only who was led astray answers: one refusal has to come, and the end of the line.
/// </summary>
public sealed class HeadTests(App app) : IClassFixture<App>
{
    private const string Second = "GET /api/v1/server HTTP/1.1\r\nHost: h\r\n\r\n";

    // 501 and 505: a coding and a version that are not spoken.
    private static readonly string[] Refusals = ["400", "501", "505"];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("two lengths", "POST /api/v1/auth/login HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nContent-Length: 39\r\n\r\n")]
    [InlineData("two lengths in one line", "POST /api/v1/auth/login HTTP/1.1\r\nHost: h\r\nContent-Length: 0, 39\r\n\r\n")]
    [InlineData("a length below nothing", "POST /api/v1/auth/login HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("a length in hexadecimal", "POST /api/v1/auth/login HTTP/1.1\r\nHost: h\r\nContent-Length: 0x0\r\n\r\n")]
    [InlineData("a length beyond all numbers", "POST /api/v1/auth/login HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n")]
    [InlineData("a coding that is not known", "POST /api/v1/auth/login HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")]
    [InlineData("chunks inside of another coding", "POST /api/v1/auth/login HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n")]
    [InlineData("a chunk whose length is no number", "POST /api/v1/auth/login HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n")]
    [InlineData("a name and its colon apart", "POST /api/v1/auth/login HTTP/1.1\r\nHost: h\r\nContent-Length : 0\r\n\r\n")]
    [InlineData("a line that goes on in the next", "GET /api/v1/server HTTP/1.1\r\nHost: h\r\nX-One: a\r\n b\r\n\r\n")]
    [InlineData("a NUL", "GET /api/v1/server HTTP/1.1\r\nHost: h\r\nX-One: a\0b\r\n\r\n")]
    [InlineData("a carriage return by itself", "GET /api/v1/server HTTP/1.1\r\nHost: h\r\nX-One: a\rX-Two: b\r\n\r\n")]
    [InlineData("no host", "GET /api/v1/server HTTP/1.1\r\n\r\n")]
    [InlineData("two hosts", "GET /api/v1/server HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n")]
    [InlineData("a version of its own", "GET /api/v1/server HTTP/7.3\r\nHost: h\r\n\r\n")]
    [InlineData("a method that is no word", "G(ET /api/v1/server HTTP/1.1\r\nHost: h\r\n\r\n")]
    public async Task A_head_that_can_be_read_in_two_ways_is_refused_and_nothing_behind_it_is_read(string what, string request)
    {
        var said = await SayAsync(request + Second);

        Assert.True(Refusals.Any(code => said.StartsWith($"HTTP/1.1 {code} ", StringComparison.Ordinal)), $"{what}: {said}");
        Assert.Equal(1, said.Split("HTTP/1.1 ").Length - 1);
    }

    [Fact]
    public async Task Where_both_a_length_and_chunks_are_told_the_line_ends_with_the_answer()
    {
        var said = await SayAsync(
            "POST /api/v1/auth/login HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Second);

        Assert.StartsWith("HTTP/1.1 400 ", said, StringComparison.Ordinal);
        Assert.Equal(1, said.Split("HTTP/1.1 ").Length - 1);
    }

    [Fact]
    public async Task A_head_of_more_lines_than_anybody_needs_is_refused()
    {
        var said = await SayAsync("GET /api/v1/server HTTP/1.1\r\nHost: h\r\n" + string.Concat(Enumerable.Range(0, 150).Select(n => $"X-{n}: a\r\n")) + "\r\n");

        Assert.StartsWith("HTTP/1.1 431 ", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TRACE")]
    [InlineData("TRACK")]
    [InlineData("CONNECT")]
    public async Task Nobody_is_shown_what_they_sent_or_led_on(string method)
    {
        var said = await SayAsync($"{method} /api/v1/server HTTP/1.1\r\nHost: h\r\nX-Secret: hidden-in-the-head\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 4", said, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden-in-the-head", said, StringComparison.Ordinal);
    }

    /// <summary>All that comes back until the server ends the line, which it has to do.</summary>
    private async Task<string> SayAsync(string request)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        using var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(app.Address.Host, app.Address.Port, patience.Token);
        var stream = tcp.GetStream();
        var said = new StringBuilder();
        var piece = new byte[4096];
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request), patience.Token);
            for (int read; (read = await stream.ReadAsync(piece, patience.Token)) > 0;)
                said.Append(Encoding.Latin1.GetString(piece, 0, read));
        }
        catch (IOException)
        {
            // Who is refused in the middle of a sentence may find the line reset behind the answer.
        }

        return said.ToString();
    }
}
