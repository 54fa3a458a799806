using System.Diagnostics;

namespace Hypersend.Load.People;

/// <summary>What was seen for a while: the deeds, and how many processors worked for the server and for the people.</summary>
internal sealed record Stretch(Tally Tally, TimeSpan Length, double Server, double People);

/// <summary>The people who are there at the moment.</summary>
internal sealed class Gathering(ServerProcess server, Crowd crowd, IReadOnlyList<IReadOnlyList<string>> chats, TimeSpan pause) : IAsyncDisposable
{
    private readonly CancellationTokenSource _over = new();
    private readonly List<(Visitor Visitor, Task Life)> _here = [];

    public void Invite(int more)
    {
        for (var i = 0; i < more; i++)
        {
            var number = _here.Count;
            var visitor = new Visitor(server, crowd.Tokens[number], chats[number]);
            _here.Add((visitor, Task.Run(() => visitor.LiveAsync(pause, _over.Token))));
        }
    }

    public async Task<Stretch> WatchAsync(TimeSpan length)
    {
        var tally = new Tally();
        foreach (var (visitor, _) in _here)
            visitor.CountIn(tally);
        var (worked, own, began) = (server.Worked(), Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        await Task.Delay(length);
        var took = Stopwatch.GetElapsedTime(began);
        foreach (var (_, life) in _here)
        {
            if (life.IsFaulted)
                await life;
        }

        return new Stretch(tally, took, (server.Worked() - worked) / took, (Environment.CpuUsage.TotalTime - own) / took);
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await Task.WhenAll(_here.Select(one => one.Life));
        foreach (var (visitor, _) in _here)
            await visitor.DisposeAsync();
        _over.Dispose();
    }
}
