using System.Text.Json;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Validation;

namespace Hypersend.Server.Platform.Problems;

/// <summary>Turns what the framework's validation found, and any problem it writes itself, into ours.</summary>
internal sealed class ValidationProblems : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public ValueTask WriteAsync(ProblemDetailsContext context) =>
        new(Problem.WriteAsync(context.HttpContext, ToFailure(context)));

    private static Failure ToFailure(ProblemDetailsContext context)
    {
        if (context.ProblemDetails is not HttpValidationProblemDetails validation)
            return new Failure(ErrorTable.CodeOf(context.HttpContext.Response.StatusCode), context.ProblemDetails.Detail);

        var errors = validation.Errors.ToDictionary(
            field => WireName(field.Key), IReadOnlyList<string> (field) => field.Value);
        var invalidText = errors.Values.Any(messages => messages.Contains(TextAttribute.InvalidText));
        return new Failure(invalidText ? ErrorCodes.InvalidText : ErrorCodes.ValidationFailed) { Errors = errors };
    }

    // "Privacy.LastSeen" of C# is "privacy.last_seen" of the wire.
    private static string WireName(string key) =>
        string.Join('.', key.Split('.').Select(JsonNamingPolicy.SnakeCaseLower.ConvertName));
}
