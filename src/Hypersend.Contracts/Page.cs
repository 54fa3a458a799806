namespace Hypersend.Contracts;

/// <summary>One page of a list; <c>next_cursor</c> is null on the last one.</summary>
public sealed record Page<T>
{
    public required IReadOnlyList<T> Items { get; init; }

    public string? NextCursor { get; init; }
}
