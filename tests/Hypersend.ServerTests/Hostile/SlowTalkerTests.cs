using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Hostile;

/// <summary>Hundreds who begin a request and say one letter of it a second: others are answered as ever, and the slow ones are shown out.</summary>
[OneNode("a proxy takes the slow ones on itself")]
public sealed class SlowTalkerTests(App app, ITestOutputHelper output) : IClassFixture<App>
{
    private const int Talkers = 300;

    // A head has fifteen seconds, a body five and then 240 bytes in each; on a busy machine the look at the clock comes late.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("heads", "GET /api/v1/auth/me HTTP/1.1\r\nHost: h\r\nX-Slow: ")]
    [InlineData("bodies", "POST /api/v1/auth/login HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 4096\r\n\r\n{\"login\":\"")]
    public async Task Who_says_a_letter_a_second_is_shown_out_and_nobody_else_waits(string what, string beginning)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(Patience);
        var watch = Stopwatch.StartNew();
        using var over = new CancellationTokenSource();
        var honest = AskAsync(over.Token);

        var answers = await Task.WhenAll(Enumerable.Range(0, Talkers).Select(_ => TalkAsync(beginning, late.Token)));

        var lasted = watch.Elapsed;
        await over.CancelAsync();
        var (asked, worst) = await honest;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{Talkers} slow {what}: all shown out after {lasted.TotalSeconds:F0} s; {asked} other requests meanwhile, the slowest in {worst.TotalMilliseconds:F0} ms"));
        Assert.All(answers, answer => Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 408 ", StringComparison.Ordinal) || answer.StartsWith("HTTP/1.1 400 ", StringComparison.Ordinal), answer));
        Assert.InRange(asked, 5, int.MaxValue);
        Assert.True(worst < TimeSpan.FromSeconds(10), $"Somebody waited for {worst}.");
    }

    /// <summary>Talks until the server ends the line; gives what it said to that.</summary>
    private async Task<string> TalkAsync(string beginning, CancellationToken cancellation)
    {
        using var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(app.Address.Host, app.Address.Port, cancellation);
        var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(beginning), cancellation);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var talking = DripAsync(stream, over.Token);
        var said = new StringBuilder();
        var piece = new byte[1024];
        try
        {
            for (int read; (read = await stream.ReadAsync(piece, cancellation)) > 0;)
                said.Append(Encoding.ASCII.GetString(piece, 0, read));
        }
        catch (IOException)
        {
            // A letter that came after the end resets the line.
        }

        await over.CancelAsync();
        await talking;
        return said.ToString();
    }

    private static async Task DripAsync(NetworkStream stream, CancellationToken over)
    {
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await second.WaitForNextTickAsync(over))
                await stream.WriteAsync("a"u8.ToArray(), over);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Nobody listens any more, which is what it is about.
        }
    }

    private async Task<(int Asked, TimeSpan Worst)> AskAsync(CancellationToken over)
    {
        var (asked, worst) = (0, TimeSpan.Zero);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!over.IsCancellationRequested)
        {
            var watch = Stopwatch.StartNew();
            (await app.Http.GetAsync("/api/v1/server", CancellationToken.None)).EnsureSuccessStatusCode().Dispose();
            (asked, worst) = (asked + 1, watch.Elapsed > worst ? watch.Elapsed : worst);
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }

        return (asked, worst);
    }
}
