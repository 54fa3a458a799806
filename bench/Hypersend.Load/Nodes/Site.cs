using System.Globalization;
using System.Security.Cryptography;
using Hypersend.Load.Search;
using Hypersend.Load.Send;
using Hypersend.Load.Sockets;

namespace Hypersend.Load.Nodes;

/// <summary>
/// Some nodes on one database, and 64 people in 16 chats of four, each of a circle at another node. What they say is measured for all
/// of the site: the nodes, PostgreSQL and Redis.
/// </summary>
internal sealed class Site : IAsyncDisposable
{
    private const int Chats = 16;
    private const int Circle = 4;
    private const int Window = 16;
    private const int ContentLength = 120;

    // Five nodes stand beside one another here, and a PostgreSQL as it is installed takes a hundred connections.
    private const string Pool = "?pool=15";

    private readonly ScratchDatabase _database;
    private readonly RedisProcess? _redis;
    private readonly IReadOnlyList<ServerProcess> _nodes;
    private readonly SocketLoop _sockets = new();
    private readonly LoadSocket[] _people;
    private readonly string[] _chats;

    private Site(ScratchDatabase database, RedisProcess? redis, IReadOnlyList<ServerProcess> nodes, Crowd crowd, string[] chats)
    {
        (_database, _redis, _nodes, _chats) = (database, redis, nodes, chats);
        var dialect = new HypersendDialect(crowd.Tokens);
        _people = [.. crowd.Tokens.Select((_, person) => _sockets.Open(dialect, nodes[person % nodes.Count].Url.Port, person))];
        _sockets.Run(() => Array.TrueForAll(_people, socket => socket.IsReady), TimeSpan.FromMinutes(1));
    }

    /// <summary>What one stretch of talk came to; processor time is of a message, in microseconds.</summary>
    public sealed record Talk(double Rate, double Nodes, double Postgres, double Redis, Hearing Heard)
    {
        public double All => Nodes + Postgres + Redis;
    }

    public string Durability => _database.Durability;

    /// <summary>One Redis serves several sites: each has a number of its own there.</summary>
    public static async Task<Site> BuildAsync(RunOptions options, string postgres, RedisProcess? redis, int nodes)
    {
        var database = await ScratchDatabase.MakeAsync(postgres);
        var settings = new List<string> { "--RATE_LIMITS=off", "--DATABASE_URL=" + database.Url + Pool, "--SECRET_KEY=" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(48)) };
        if (redis is not null)
            settings.Add(string.Create(CultureInfo.InvariantCulture, $"--REDIS_URL={redis.Url}{nodes}"));
        var started = new List<ServerProcess>();
        for (var i = 0; i < nodes; i++)
            started.Add(await ServerProcess.StartAsync(options, null, [.. settings]));

        await started[0].SignUpAsync("admin");
        var crowd = await Crowd.GatherAsync(started[0], Chats * Circle);
        var chats = new string[Chats];
        for (var chat = 0; chat < Chats; chat++)
        {
            var others = string.Join(',', crowd.Ids.Skip((chat * Circle) + 1).Take(Circle - 1).Select(id => $"\"{id}\""));
            chats[chat] = await Room.MakeAsync(started[0], crowd.Tokens[chat * Circle], $$"""{"type":"group","name":"Circle {{chat}}","member_ids":[{{others}}]}""");
        }

        return new Site(database, redis, started, crowd, chats);
    }

    /// <summary>All say as much as goes, or at a pace, one message each on its way then.</summary>
    public async Task<Talk> SpeakAsync(TimeSpan length, double pace = double.PositiveInfinity)
    {
        // Numbers begin anew, and a name that was used before would be the same message.
        var run = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        var content = Speech.Content(ContentLength);
        var speeches = Enumerable.Range(0, _people.Length).Select(person => HypersendDialect.Speech(_chats[person / Circle], run, person, content)).ToArray();
        var writers = new Writers(_sockets, _people, speeches, Circle, double.IsPositiveInfinity(pace) ? Window : 1);
        var heard = new Hearing(writers, _nodes.Count) { IsOn = true };
        foreach (var socket in _people)
            socket.Ears = heard;

        var (nodes, postgres, redis) = (NodesWorked(), await PostgresProcesses.WorkedAsync(_database.Url), RedisWorked());
        var rate = writers.Write(length, new Samples(), pace);
        var said = Math.Max(1, writers.Written);
        return new Talk(
            rate,
            (NodesWorked() - nodes).TotalMicroseconds / said,
            (await PostgresProcesses.WorkedAsync(_database.Url) - postgres).TotalMicroseconds / said,
            (RedisWorked() - redis).TotalMicroseconds / said,
            heard);
    }

    public async ValueTask DisposeAsync()
    {
        _sockets.Dispose();
        foreach (var node in _nodes)
            await node.DisposeAsync();
        await _database.DisposeAsync();
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{_nodes.Count} node{(_nodes.Count == 1 ? "" : "s")}{(_redis is null ? " without Redis" : "")}");

    private TimeSpan NodesWorked() => _nodes.Aggregate(TimeSpan.Zero, (sum, node) => sum + node.Worked());

    private TimeSpan RedisWorked() => _redis?.Worked() ?? TimeSpan.Zero;
}
