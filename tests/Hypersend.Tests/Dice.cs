namespace Hypersend.Tests;

/// <summary>Chance that can be repeated: a test that fails says its seed.</summary>
internal sealed class Dice
{
#pragma warning disable RS0030 // The banned symbol cannot be seeded otherwise, and here nobody has to guess right.
    private readonly Random _random;

    public Dice(int? seed = null)
    {
        Seed = seed ?? Random.Shared.Next();
        _random = new Random(Seed);
    }
    public int Seed { get; }

    public int Next(int below) => _random.Next(below);
#pragma warning restore RS0030
}
