using System.Diagnostics.CodeAnalysis;

namespace Hypersend.Server.Platform.Problems;

/// <summary>What a use case answers: a value or an expected failure.</summary>
internal readonly struct Result<T>
    where T : notnull
{
    private readonly T? _value;

    internal Result(T? value, Failure? failure)
    {
        _value = value;
        Failure = failure;
    }

    public Failure? Failure { get; }

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Failure failure) => new(default, failure);

    public bool Succeeded([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Failure? failure)
    {
        value = _value;
        failure = Failure;
        return failure is null;
    }
}

/// <summary>For values whose type is an interface, from which C# converts nothing by itself.</summary>
internal static class Result
{
    public static Result<T> Of<T>(T value)
        where T : notnull => new(value, null);
}

/// <summary>The value of a use case that answers nothing but "done".</summary>
internal readonly record struct Done;
