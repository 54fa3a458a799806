namespace Hypersend.Seed;

/// <summary>Chance that falls the same way every time it starts from the same number (SplitMix64).</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    /// <summary>0 to <paramref name="limit"/> - 1.</summary>
    public int Below(int limit) => (int)(((Next() >> 32) * (ulong)limit) >> 32);

    /// <summary>True once in so many throws, on average.</summary>
    public bool OnceIn(int throws) => Below(throws) == 0;

    public T OneOf<T>(IReadOnlyList<T> things) => things[Below(things.Count)];

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
