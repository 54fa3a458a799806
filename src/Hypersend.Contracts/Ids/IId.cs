namespace Hypersend.Contracts.Ids;

/// <summary>An id of one kind of thing: a UUIDv7 inside, an opaque string on the wire.</summary>
public interface IId<TSelf> : IParsable<TSelf>
    where TSelf : struct, IId<TSelf>
{
    Guid Value { get; }

    static abstract TSelf From(Guid value);
}

public static class IdText
{
    /// <summary>
    /// A malformed id is simply the id of nothing: it reads as the empty id, so that the answer is the same 404
    /// that any unknown id gets, and the shape of ids is nobody's business.
    /// </summary>
    public static TId Read<TId>(ReadOnlySpan<char> text)
        where TId : struct, IId<TId> =>
        Guid.TryParseExact(text, "D", out var value) ? TId.From(value) : TId.From(Guid.Empty);
}
