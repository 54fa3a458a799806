using System.Security.Cryptography;
using System.Text;

namespace Hypersend.Server.Features.Links;

/// <summary>
/// Passwords of links that were right a moment ago. A program that sends its password with every range would otherwise pay,
/// and let us pay, for a slow hash each time. What is kept is a keyed digest, with a key that dies with this process.
/// </summary>
internal sealed class LinkProofs(TimeProvider clock)
{
    public const int Most = 1000;

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, DateTimeOffset> _until = new(StringComparer.Ordinal);
    private readonly Queue<(string Proof, DateTimeOffset Until)> _inOrder = [];

    public int Count
    {
        get
        {
            lock (_gate)
                return _until.Count;
        }
    }

    /// <summary>This password was right for this link, and the link has the same password still.</summary>
    public bool Has(LinkRow link, string password)
    {
        lock (_gate)
            return _until.TryGetValue(ProofOf(link, password), out var until) && until > clock.GetUtcNow();
    }

    public void Add(LinkRow link, string password)
    {
        var (proof, until) = (ProofOf(link, password), clock.GetUtcNow() + Life);
        lock (_gate)
        {
            _until[proof] = until;
            _inOrder.Enqueue((proof, until));
            while (_inOrder.Count > Most || (_inOrder.TryPeek(out var oldest) && oldest.Until <= clock.GetUtcNow()))
            {
                var (gone, end) = _inOrder.Dequeue();
                if (_until.TryGetValue(gone, out var known) && known == end)
                    _until.Remove(gone);
            }
        }
    }

    private string ProofOf(LinkRow link, string password) =>
        Convert.ToBase64String(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{link.Id}\n{link.PasswordHash}\n{password}")));
}
