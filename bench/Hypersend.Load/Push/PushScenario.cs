using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace Hypersend.Load.Push;

/// <summary>How long a closed phone waits: from the sending of a message to the arrival of its push at the push service, one after the other.</summary>
internal static class PushScenario
{
    private const int Usual = 200;
    private const int Few = 20;
    private const int Warm = 10;

    // The keys of RFC 8291's example: what is measured is the sender's side, and nobody has to read it.
    private const string Keys = """{"p256dh":"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4","auth":"BTBZMqHH6r4Tts7J_aSIgg"}""";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task RunAsync(RunOptions options, Report report)
    {
        var count = options.Quick ? Few : Usual;
        await using var server = await ServerProcess.StartAsync(options, null, "--RATE_LIMITS=off", "--OUTBOUND_ALLOW_PRIVATE=on");
        var (ana, bela) = (await server.SignUpAsync("ana"), await server.SignUpAsync("bela"));
        await using var service = new ArrivalClock();
        await Room.PostAsync(server, "/api/v1/push/subscriptions", bela.AccessToken, $$"""{"endpoint":"{{service.Url}}","keys":{{Keys}}}""", CancellationToken.None);
        var chat = await Room.MakeAsync(server, ana.AccessToken, $$"""{"type":"direct","member_ids":["{{bela.Id}}"]}""");
        var samples = new Samples();
        for (var i = -Warm; i < count; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await Room.PostAsync(server, "/api/v1/messages", ana.AccessToken, $$"""{"chat_id":"{{chat}}","content":"message"}""", CancellationToken.None);
            var arrived = await service.NextAsync(Patience);
            if (i >= 0)
                samples.Add(Stopwatch.GetElapsedTime(began, arrived));
        }

        report.Add(new Row($"from POST /messages to the push service, {count} messages one after the other, p50", Milliseconds(samples.Rank(0.5)))
        {
            Remark = $"p99 {Milliseconds(samples.Rank(0.99))}; commit, choice of devices, encryption and request included",
        });
    }

    private static string Milliseconds(double value) => value.ToString("0.0 ms", CultureInfo.InvariantCulture);

    /// <summary>A push service that takes everything, and notes when it came.</summary>
    private sealed class ArrivalClock : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Channel<long> _arrivals = Channel.CreateUnbounded<long>();
        private readonly CancellationTokenSource _ending = new();
        private readonly Task _serving;

        public ArrivalClock()
        {
            _listener.Start();
            _serving = ServeAsync();
        }

        public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/send/bench");

        public async Task<long> NextAsync(TimeSpan patience)
        {
            using var late = new CancellationTokenSource(patience);
            return await _arrivals.Reader.ReadAsync(late.Token);
        }

        public async ValueTask DisposeAsync()
        {
            await _ending.CancelAsync();
            _listener.Stop();
            await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _ending.Dispose();
        }

        private async Task ServeAsync()
        {
            var talks = new List<Task>();
            while (!_ending.IsCancellationRequested)
                talks.Add(TalkAsync(await _listener.AcceptTcpClientAsync(_ending.Token)));
            await Task.WhenAll(talks);
        }

        private async Task TalkAsync(TcpClient client)
        {
            using var held = client;
            await using var stream = client.GetStream();
            var buffer = new byte[16 * 1024];
            var filled = 0;
            while (await stream.ReadAsync(buffer.AsMemory(filled), _ending.Token) is > 0 and var read)
            {
                filled += read;
                if (!IsWhole(buffer.AsSpan(0, filled)))
                    continue;
                _arrivals.Writer.TryWrite(Stopwatch.GetTimestamp());
                filled = 0;
                await stream.WriteAsync("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), _ending.Token);
            }
        }

        private static bool IsWhole(ReadOnlySpan<byte> request)
        {
            var end = request.IndexOf("\r\n\r\n"u8);
            if (end < 0)
                return false;
            var head = Encoding.ASCII.GetString(request[..end]);
            var at = head.IndexOf("Content-Length:", StringComparison.OrdinalIgnoreCase);
            var length = int.Parse(head[(at + "Content-Length:".Length)..].Split('\r')[0], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
            return request.Length >= end + 4 + length;
        }
    }
}
