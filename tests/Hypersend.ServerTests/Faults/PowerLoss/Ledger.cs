using Hypersend.Contracts.Ids;

namespace Hypersend.ServerTests.Faults.PowerLoss;

/// <summary>When something was asked of the server, and when it was told to have happened; both are moments of the disk's log.</summary>
internal sealed record Deed
{
    public required int Asked { get; init; }

    public int Told { get; set; } = int.MaxValue;
}

/// <summary>A message and what it was to say, one state after the other; null is deleted.</summary>
internal sealed class TrackedMessage
{
    public MessageId Id { get; set; }

    public List<(Deed Deed, string? Content)> States { get; } = [];

    /// <summary>What may be seen of it after a power loss: the last that was acknowledged, or what was on its way.</summary>
    public (bool MayBeMissing, IReadOnlyList<string?> Contents) After(int moment)
    {
        var told = States.FindLastIndex(state => state.Deed.Told <= moment);
        return (told < 0, [.. States.Skip(Math.Max(told, 0)).Where(state => state.Deed.Asked <= moment).Select(state => state.Content)]);
    }
}

/// <summary>A file, and which of its pieces were acknowledged when.</summary>
internal sealed class TrackedFile(byte[] bytes, int chunk)
{
    public byte[] Bytes { get; } = bytes;

    public FileId Id { get; set; }

    public Deed? Begun { get; set; }

    public Deed?[] Chunks { get; } = new Deed?[(bytes.Length + chunk - 1) / chunk];

    public Deed? Completed { get; set; }

    public byte[] ChunkOf(int index) => Bytes[(index * chunk)..Math.Min(Bytes.Length, (index + 1) * chunk)];
}

/// <summary>What the clients of one run know.</summary>
internal sealed class Ledger(DiskLog log)
{
    private readonly List<TrackedMessage> _messages = [];
    private readonly List<TrackedFile> _files = [];

    public IReadOnlyList<TrackedMessage> Messages => _messages;

    public IReadOnlyList<TrackedFile> Files => _files;

    /// <summary>Every moment at which somebody was told that something is safe.</summary>
    public IReadOnlyList<int> Told =>
    [
        .. _messages.SelectMany(message => message.States).Select(state => state.Deed)
            .Concat(_files.SelectMany(file => file.Chunks.Append(file.Begun).Append(file.Completed)).OfType<Deed>())
            .Select(deed => deed.Told).Where(moment => moment != int.MaxValue).Order(),
    ];

    public void Add(TrackedMessage message)
    {
        lock (_messages)
            _messages.Add(message);
    }

    public void Add(TrackedFile file)
    {
        lock (_files)
            _files.Add(file);
    }

    public async Task<T> DoAsync<T>(Func<Task<T>> call, Action<Deed> keep)
    {
        var deed = new Deed { Asked = log.Now };
        keep(deed);
        var answer = await call();
        deed.Told = log.Now;
        return answer;
    }
}
