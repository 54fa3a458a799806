using System.Reflection;
using System.Text.Json;
using Hypersend.Sdk;
using Hypersend.Sdk.Calls;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Sdk;

public sealed class CallsTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task The_sdk_has_a_call_for_every_operation_and_no_other()
    {
        using var document = JsonDocument.Parse(await app.Http.GetStringAsync("/openapi.json"));
        var documented = document.RootElement.GetProperty("paths").EnumerateObject()
            // tus has clients of its own, and the Sdk sends chunks.
            .Where(path => !path.Name.StartsWith("/api/v1/tus", StringComparison.Ordinal))
            .Where(path => path.Name.StartsWith("/api/v1/", StringComparison.Ordinal) || path.Name.StartsWith("/health", StringComparison.Ordinal))
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}"))
            .Order(StringComparer.Ordinal);

        var called = typeof(HypersendClient).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .SelectMany(method => method.GetCustomAttributes<CallAttribute>())
            .Select(call => $"{call.Method} {call.Path}")
            .Order(StringComparer.Ordinal);

        Assert.Equal(WithoutHead(documented), WithoutHead(called));
    }

    // HEAD is GET without the body: a client that wants it has HttpClient.
    private static IEnumerable<string> WithoutHead(IEnumerable<string> calls) => calls.Where(call => !call.StartsWith("HEAD ", StringComparison.Ordinal));
}
