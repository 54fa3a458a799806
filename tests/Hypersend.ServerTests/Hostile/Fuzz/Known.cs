namespace Hypersend.ServerTests.Hostile.Fuzz;

/// <summary>Ids of what is there, by what they are of.</summary>
internal sealed class Known
{
    private static readonly (string Part, string Kind)[] Kinds =
    [
        ("chat", "chat"), ("room", "chat"), ("group", "chat"), ("channel", "chat"), ("cursors", "chat"), ("message", "message"), ("reply", "message"), ("thread", "message"),
        ("forward", "message"), ("upload", "upload"), ("file", "file"), ("name", "name"), ("emoji", "emoji"), ("token", "token"), ("transfer", "transfer"), ("p2p", "transfer"),
        ("user", "user"), ("member", "user"), ("receiver", "user"), ("people", "user"), ("to", "user"),
    ];

    private readonly Dictionary<string, List<string>> _byKind = new(StringComparer.Ordinal);
    private readonly List<string> _all = [];

    public IReadOnlyList<string> All => _all;

    public void Add(string kind, object id)
    {
        var text = id.ToString()!;
        _all.Add(text);
        if (!_byKind.TryGetValue(kind, out var ids))
            _byKind[kind] = ids = [];
        ids.Add(text);
    }

    /// <summary>Of the kind that the name of a field, a type or a part of an address stands for; all where it says nothing.</summary>
    public IReadOnlyList<string> Of(string name)
    {
        foreach (var (part, kind) in Kinds)
        {
            if (name.Contains(part, StringComparison.OrdinalIgnoreCase) && _byKind.TryGetValue(kind, out var ids))
                return ids;
        }

        return _all;
    }
}
