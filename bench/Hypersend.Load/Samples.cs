namespace Hypersend.Load;

/// <summary>Times of single requests, and the ranks one asks of them.</summary>
internal sealed class Samples
{
    private readonly List<double> _milliseconds = [];
    private readonly Lock _guard = new();

    public void Add(TimeSpan time)
    {
        lock (_guard)
            _milliseconds.Add(time.TotalMilliseconds);
    }

    public int Count => _milliseconds.Count;

    public double Rank(double share)
    {
        lock (_guard)
        {
            var sorted = _milliseconds.Order().ToArray();
            return sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)Math.Floor(share * sorted.Length))];
        }
    }
}
