using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Hypersend.Contracts.Errors;
using Microsoft.AspNetCore.Http.Metadata;

namespace Hypersend.Server.Platform.Problems;

/// <summary>
/// Finds which parameter of an address nobody could read. The code that the compiler makes for each route says so of those that must be
/// there; of one that may be left out it says only 400.
/// </summary>
internal static class UnreadParameter
{
    private static readonly MethodInfo Reading = typeof(UnreadParameter).GetMethod(nameof(Reads), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>Null when each can be read: then the 400 is of something else.</summary>
    public static Failure? Find(HttpContext context)
    {
        foreach (var parameter in context.GetEndpoint()?.Metadata.GetOrderedMetadata<IParameterBindingMetadata>() ?? [])
        {
            if (!parameter.HasTryParse || (string?)context.Request.RouteValues[parameter.Name] is not null)
                continue;
            if ((string?)context.Request.Query[parameter.Name] is { Length: > 0 } text && !CanRead(parameter.ParameterInfo.ParameterType, text))
                return Failure.OfField(ErrorCodes.MalformedRequest, JsonNamingPolicy.SnakeCaseLower.ConvertName(parameter.Name), "is missing or cannot be read");
        }

        return null;
    }

    private static bool CanRead(Type type, string text)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return !Array.Exists(plain.GetInterfaces(), one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IParsable<>)) || (bool)Reading.MakeGenericMethod(plain).Invoke(null, [text])!;
    }

    private static bool Reads<T>(string text)
        where T : IParsable<T> => T.TryParse(text, CultureInfo.InvariantCulture, out _);
}
