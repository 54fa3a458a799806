using Hypersend.Contracts.Errors;

namespace Hypersend.Sdk;

/// <summary>The server refused a call; <see cref="Code"/> says why in a stable word, <see cref="Hint"/> what to do.</summary>
public sealed class HypersendException : Exception
{
    /// <summary>The code of an answer that is no problem document: something between us and the server wrote it.</summary>
    public const string ForeignAnswer = "foreign_answer";

    internal HypersendException(ApiProblem problem, TimeSpan? retryAfter)
        : base($"{problem.Detail} ({problem.Status} {problem.Code})")
    {
        Problem = problem;
        RetryAfter = retryAfter;
    }

    /// <summary>The whole answer.</summary>
    public ApiProblem Problem { get; }

    /// <summary>The stable word, one of <see cref="ErrorCodes"/>.</summary>
    public string Code => Problem.Code;

    /// <summary>What to do about it, for people.</summary>
    public string Hint => Problem.Hint;

    /// <summary>The HTTP status.</summary>
    public int Status => Problem.Status;

    /// <summary>How long to wait before the next try, when the server says.</summary>
    public TimeSpan? RetryAfter { get; }
}
