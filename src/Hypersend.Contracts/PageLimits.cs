namespace Hypersend.Contracts;

/// <summary>How many entries a page has, wherever there are pages.</summary>
public static class PageLimits
{
    public const int Default = 50;

    public const int Most = 200;

    /// <summary>What a client that asked for so many gets.</summary>
    public static int Clamp(int? wanted) => Math.Clamp(wanted ?? Default, 1, Most);
}
