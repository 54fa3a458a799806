using Hypersend.Load.Peers;
using Hypersend.Load.Sockets;

namespace Hypersend.Load.Fanout;

/// <summary>One speaker with eight messages on their way to a hundred, a thousand and five thousand sockets, beside the peers.</summary>
internal static class FanoutScenario
{
    private const int Window = 8;
    private const int ContentLength = 120;

    private static readonly (int Sockets, string Must, string Aim)[] Sizes =
        [(100, "0.9x SignalR", "1.2x"), (1_000, "1.9x SignalR, 5x socket.io", "2.4x"), (5_000, "4.2x SignalR", "5.3x")];

    public static async Task RunAsync(RunOptions options, Report report)
    {
        foreach (var (sockets, must, aim) in options.Quick ? Sizes[..2] : Sizes)
            await MeasureAsync(options, report, sockets, must, aim);
    }

    private static async Task MeasureAsync(RunOptions options, Report report, int sockets, string must, string aim)
    {
        await using var server = await ServerProcess.StartAsync(options, null, "--RATE_LIMITS=off");
        await using var signalR = await Peer.StartSignalRAsync(options, serverCollector: true);
        await using var socketIo = await Peer.StartSocketIoAsync(options);
        var (crowd, room) = await Room.FillAsync(server, sockets + 1);

        using var loop = new SocketLoop();
        var ours = Gather(loop, new HypersendDialect(crowd.Tokens), server.Url, sockets, HypersendDialect.Speech(room, "fanout", 0, Speech.Content(ContentLength)));

        // A copy of ours has ids, times and a sender around the text. Theirs are padded to as many bytes.
        var size = BytesPerCopy(loop, ours, sockets);
        var padding = Speech.Content(Math.Max(ContentLength, size - 60));
        var contenders = new List<Contender>
        {
            new("Hypersend", ours),
            new("SignalR", Gather(loop, new SignalRDialect(), signalR.Url, sockets, SignalRDialect.Speech(padding))),
            new("socket.io", Gather(loop, new SocketIoDialect(), socketIo.Url, sockets, SocketIoDialect.Speech(padding))),
        };
        foreach (var contender in contenders)
        {
            contender.Audience.Speak(options.Length(3), Leaves.WhenAcknowledged, new Samples());
            contender.Audience.Speak(options.Length(2), Leaves.WhenHeard, new Samples());
        }

        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var contender in contenders)
                contender.Fast.Add(contender.Audience.Speak(options.Length(3), Leaves.WhenAcknowledged, contender.FastDelays));
            foreach (var contender in contenders)
                contender.Patient.Add(contender.Audience.Speak(options.Length(2), Leaves.WhenHeard, contender.PatientDelays));
        }

        report.Add(RowOf("deliveries a second", contenders, sockets, size, one => Report.Median(one.Fast), one => one.FastDelays) with { Must = must, Aim = aim });
        report.Add(RowOf("the same, the next said when all have heard", contenders, sockets, size, one => Report.Median(one.Patient), one => one.PatientDelays));
    }

    private static Row RowOf(string what, List<Contender> contenders, int sockets, int size, Func<Contender, double> rate, Func<Contender, Samples> delays)
    {
        var (us, signalR, socketIo) = (rate(contenders[0]), rate(contenders[1]), rate(contenders[2]));
        return new Row($"fan-out to {sockets:#,0} sockets, {what}", Report.Number(us))
        {
            Peer = $"SignalR {Report.Number(signalR)}; socket.io {Report.Number(socketIo)}",
            Ratio = $"{us / signalR:0.00}x; {us / socketIo:0.0}x",
            Remark = $"{Delays(contenders, delays)}; {size} bytes a copy",
        };
    }

    private static string Delays(List<Contender> contenders, Func<Contender, Samples> delays) => string.Join(
        "; ", contenders.Select(one => $"{one.Name} p50 {Report.Number(delays(one).Rank(0.5))} ms, p99 {Report.Number(delays(one).Rank(0.99))} ms"));

    private static Audience Gather(SocketLoop loop, Dialect dialect, Uri url, int sockets, Speech speech)
    {
        var opened = loop.Open(dialect, url.Port, sockets + 1, TimeSpan.FromMinutes(2));
        return new Audience(loop, opened[0], opened[1..], speech, Window);
    }

    private static int BytesPerCopy(SocketLoop loop, Audience audience, int sockets)
    {
        var (received, heard) = (loop.ReceivedBytes, audience.Delivered);
        audience.Speak(TimeSpan.FromMilliseconds(300), Leaves.WhenHeard, new Samples());
        return (int)((loop.ReceivedBytes - received) / Math.Max(sockets, audience.Delivered - heard));
    }

    private sealed record Contender(string Name, Audience Audience)
    {
        public List<double> Fast { get; } = [];

        public Samples FastDelays { get; } = new();

        public List<double> Patient { get; } = [];

        public Samples PatientDelays { get; } = new();
    }
}
