using System.Threading.Channels;

namespace Hypersend.ServerTests.Fixture;

/// <summary>The letters a server without SMTP wrote into its folder, in the order they were renamed into place.</summary>
internal sealed class Mailbox : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly FileSystemWatcher _watcher;
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly HashSet<string> _read = [];
    private readonly string _folder;

    public Mailbox(string folder)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        _watcher = new FileSystemWatcher(_folder);
        _watcher.Renamed += (_, _) => _news.Writer.TryWrite(true);
        _watcher.EnableRaisingEvents = true;
    }

    /// <summary>All letters there are, read before or not.</summary>
    public IReadOnlyList<Letter> All => [.. Files().Select(Letter.Read)];

    public IReadOnlyList<Letter> AllTo(string address) => [.. All.Where(letter => letter.To == address)];

    /// <summary>The oldest letter to that address which was not asked for yet; waits for it.</summary>
    public async Task<Letter> NextToAsync(string address)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (true)
        {
            foreach (var file in Files().Where(file => !_read.Contains(file)))
            {
                var letter = Letter.Read(file);
                if (letter.To == address && _read.Add(file))
                    return letter;
            }

            try
            {
                await _news.Reader.ReadAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"No letter to {address} came within {Patience.TotalSeconds} s; there are {All.Count} others.");
            }
        }
    }

    public void Dispose() => _watcher.Dispose();

    // The names are UUIDv7: by name is by time.
    private IEnumerable<string> Files() => Directory.EnumerateFiles(_folder, "*.eml").Order(StringComparer.Ordinal);
}
