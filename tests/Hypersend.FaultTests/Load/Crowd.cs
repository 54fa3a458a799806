using System.Diagnostics;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.FaultTests.Histories;
using Hypersend.FaultTests.Processes;

namespace Hypersend.FaultTests.Load;

/// <summary>People who write, edit, listen and send files without a pause, and the history of what they were told.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Member> _members = [];
    private readonly List<IWorker> _workers = [];
    private readonly List<ChatId> _chats = [];
    private Task _working = Task.CompletedTask;

    public HistoryRecorder History { get; } = new();

    /// <summary>Some who write over HTTP, two who do through sockets, and one who sends files; three chats.</summary>
    public static async Task<Crowd> GatherAsync(Cluster cluster, int writers)
    {
        var crowd = new Crowd();
        var balancer = new Balancer(cluster.Addresses);
        foreach (var name in Enumerable.Range(1, writers).Select(number => "w" + number.ToString("d3", null)).Append("live1").Append("live2").Append("files"))
            crowd._members.Add(await Member.SignUpAsync(balancer, crowd.History, name));
        foreach (var name in new[] { "Film", "Team", "Trip" })
        {
            var request = new CreateChatRequest { Type = ChatTypes.Group, Name = name, MemberIds = [.. crowd._members.Skip(1).Select(member => member.Id)] };
            crowd._chats.Add((await crowd._members[0].Client.Chats.CreateAsync(request)).Id);
        }

        foreach (var member in crowd._members)
            crowd._workers.Add(crowd.WorkOf(member));
        crowd._working = Task.WhenAll(crowd._workers.Select(worker => worker.RunAsync(crowd._stopping.Token)));
        return crowd;
    }

    /// <summary>Waits until everybody was acknowledged something that was begun after this moment; gives how long that took.</summary>
    /// <param name="after">What happened before, for whoever reads that they did not.</param>
    public async Task<TimeSpan> EverybodyGoesOnAsync(string after = "")
    {
        var (since, watch) = (History.Now, Stopwatch.StartNew());
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (_workers.Any(worker => worker.AcknowledgedFrom <= since))
        {
            if (_working.IsFaulted)
                await _working;
            if (watch.Elapsed > Patience)
                Assert.Fail($"{after}{_workers.Count(worker => worker.AcknowledgedFrom <= since)} of {_workers.Count} were acknowledged nothing for {Patience}.");
            await tick.WaitForNextTickAsync(CancellationToken.None);
        }

        return watch.Elapsed;
    }

    /// <summary>Ends the work, and compares what everybody was told with what is there.</summary>
    public async Task<Findings> EndAsync()
    {
        await _stopping.CancelAsync();
        await _working.WaitAsync(Patience);
        var chats = new List<SeenChat>();
        foreach (var chat in _chats)
            chats.Add(await Look.AtAsync(_members[0], chat));
        var screens = new List<SeenScreen>();
        foreach (var live in _workers.OfType<LiveWriter>())
            screens.AddRange(await live.EndAsync(chats, Patience));
        var operations = History.Operations;
        return HistoryChecker.Check(operations, new Aftermath(chats, screens, await Look.AtFilesAsync(_members[^1], operations)));
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();

        // How it ended is known to whoever asked; here it only must not run on.
        await Task.WhenAny(_working, Task.Delay(Patience));
        foreach (var member in _members)
            member.Dispose();
        _stopping.Dispose();
    }

    private IWorker WorkOf(Member member) => member.Name switch
    {
        "files" => new Uploader(member, History),
        ['l', ..] => new LiveWriter(member, History, _chats),
        _ => new HttpWriter(member, History, _chats),
    };
}
