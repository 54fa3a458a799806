namespace Hypersend.ServerTests.Fixture;

/// <summary>Chance that can be repeated: the same seed throws the same numbers (SplitMix64).</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    /// <summary>From 0 to one less than the end.</summary>
    public int Below(int end) => (int)(Next() % (ulong)end);

    public bool OneIn(int times) => Below(times) == 0;

    public T Of<T>(IReadOnlyList<T> things) => things[Below(things.Count)];

    /// <summary>Another row of numbers that goes its own way from here.</summary>
    public Dice Split() => new(Next());

    private ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = _state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
