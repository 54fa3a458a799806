namespace Hypersend.Server.Engines.Search.Segments;

/// <summary>Numbers of messages of a segment, read from the newest back.</summary>
internal interface INumbers
{
    /// <summary>About how many blocks they take.</summary>
    int Weight { get; }

    /// <summary>The greatest number up to <paramref name="most"/>, -1 when there is none; what is asked for only falls.</summary>
    ValueTask<int> SeekAsync(int most);
}

/// <summary>Those of any of several lists.</summary>
internal sealed class AnyOf(TermList[] lists) : INumbers
{
    private readonly int[] _known = [.. lists.Select(_ => int.MaxValue)];

    public int Weight { get; } = lists.Sum(list => list.Weight);

    public async ValueTask<int> SeekAsync(int most)
    {
        var greatest = -1;
        for (var i = 0; i < lists.Length; i++)
        {
            if (_known[i] > most)
                _known[i] = await lists[i].SeekAsync(most);
            greatest = Math.Max(greatest, _known[i]);
        }

        return greatest;
    }
}

/// <summary>Those of all of several lists; all there are when there is no list.</summary>
internal sealed class AllOf
{
    private readonly INumbers[] _lists;

    // The shortest first: the others are only asked about what it has.
    public AllOf(IEnumerable<INumbers> lists) => _lists = [.. lists.OrderBy(list => list.Weight)];

    /// <summary>How many lists were asked so far.</summary>
    public int Steps { get; private set; }

    /// <summary>
    /// The greatest number up to <paramref name="most"/>; after so many steps it stops, and all that is known is that there is
    /// none above the number it gives.
    /// </summary>
    public async ValueTask<(int Number, bool IsFound)> SeekAsync(int most, int untilSteps)
    {
        Steps++;
        while (most >= 0)
        {
            var before = most;
            foreach (var list in _lists)
            {
                most = await list.SeekAsync(most);
                if (most < 0)
                    return (-1, false);
                Steps++;
            }

            if (most == before)
                return (most, true);
            if (Steps >= untilSteps)
                return (most, false);
        }

        return (-1, false);
    }
}
